/** `window.__preview`: what the driver and people at the console can ask. */
import type { Inspection, LogLine, TurnSample, WorkerFaults } from '../shared/protocol.js';
import type { Frame } from './frame.js';
import type { LogicLink } from './logic-link.js';
import { now } from './stats.js';
import type { Answer, Stats } from './stats.js';

export interface PreviewApi {
  /** A moment to measure from, epoch milliseconds. */
  mark(): number;
  /** Turns of a thread that began since a mark. They arrive up to 100 ms late. */
  turns(sinceMs: number, thread?: 'logic' | 'worker'): TurnSample[];
  /** Milliseconds of the longest such turn. */
  longestBlock(sinceMs: number, thread?: 'logic' | 'worker'): number;
  /** Events since a mark and how long until the view had applied what they led to. */
  answers(sinceMs: number, type?: string): Answer[];
  /** Events sent that have had no answer yet. */
  unanswered(): number;
  /** Frames the view drew since a mark, as epoch milliseconds. */
  frames(sinceMs: number): number[];
  counters(): Stats['counters'];
  log(): readonly LogLine[];
  worker(): Stats['worker'];
  faults(faults: WorkerFaults): void;
  inspect(inspection: Inspection): Promise<unknown>;
  /** The path of the page on top, `''` before there is one. */
  page(): string;
  /** Puts the app into the background or back. */
  setHidden(hidden: boolean): void;
  route(action: 'back' | 'switchTab' | 'reLaunch' | 'navigateTo', url: string): void;
}

declare global {
  interface Window {
    __preview: PreviewApi;
  }
}

export function createPreviewApi(stats: Stats, frame: Frame, link: LogicLink): PreviewApi {
  return {
    mark: now,
    turns: (since, thread) => stats.turnsSince(since, thread),
    longestBlock: (since, thread) => stats.longest(since, thread),
    answers: (since, type) =>
      stats.answers.filter((each) => each.startMs >= since && (type === undefined || each.type === type)),
    unanswered: () => stats.unanswered,
    frames: (since) => stats.frames.filter((time) => time >= since),
    counters: () => ({ ...stats.counters }),
    log: () => stats.log,
    worker: () => stats.worker,
    faults: (faults) => {
      link.send({ type: 'faults', faults });
    },
    inspect: (inspection) => link.inspect(inspection),
    page: () => frame.current?.shell.path ?? '',
    setHidden: (hidden) => {
      link.send({ type: 'hidden', hidden });
    },
    route: (action, url) => {
      link.send({ type: 'route', action, url });
    },
  };
}
