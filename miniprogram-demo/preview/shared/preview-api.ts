/** `window.__preview`, for the driver and for people at the browser's console. */
import type { Inspection, LogLine, TurnSample, WorkerFaults, WorkerState } from './protocol.js';

/** One event of the view and how long the logic layer took to answer it with a change that the view has applied. */
export interface Answer {
  readonly type: string;
  readonly startMs: number;
  readonly lengthMs: number;
}

/** What was counted since the page was loaded. */
export interface Counters {
  messages: number;
  setDataCalls: number;
  setDataBytes: number;
  operations: number;
}

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
  counters(): Counters;
  log(): readonly LogLine[];
  worker(): { readonly state: WorkerState; readonly detail: string };
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
