/** `window.__preview`: what the driver and people at the console can ask. */
import type { PreviewApi } from '../shared/preview-api.js';
import type { Frame } from './frame.js';
import type { LogicLink } from './logic-link.js';
import { now } from './stats.js';
import type { Stats } from './stats.js';

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
