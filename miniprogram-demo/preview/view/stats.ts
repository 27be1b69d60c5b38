/**
 * What is measured, kept for the panel and for the driver (`window.__preview`). Times are epoch milliseconds with
 * fractions, so that the threads' clocks compare.
 */
import type { Answer, Counters } from '../shared/preview-api.js';
import type { LogicToView, LogLine, TurnSample, WorkerState } from '../shared/protocol.js';

const maxTurns = 20_000;
const maxAnswers = 5_000;
const maxLines = 500;

export const now = (): number => performance.timeOrigin + performance.now();

export class Stats {
  readonly turns: Record<'logic' | 'worker', TurnSample[]> = { logic: [], worker: [] };
  readonly answers: Answer[] = [];
  readonly log: LogLine[] = [];
  readonly counters: Counters = { messages: 0, setDataCalls: 0, setDataBytes: 0, operations: 0 };
  readonly frames: number[] = [];
  readyMs = 0;
  worker: { state: WorkerState; detail: string } = { state: 'none', detail: '' };
  private readonly pending = new Map<number, { type: string; startMs: number }>();
  private lastSequence = 0;

  constructor() {
    const frame = (time: number): void => {
      keep(this.frames, performance.timeOrigin + time, 600);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  /** A new event for the logic layer: gives the number by which it will be answered. */
  sent(type: string): number {
    const sequence = ++this.lastSequence;
    this.counters.messages++;
    this.pending.set(sequence, { type, startMs: now() });
    return sequence;
  }

  answered(sequences: readonly number[]): void {
    for (const sequence of sequences) {
      const event = this.pending.get(sequence);
      this.pending.delete(sequence);
      if (event !== undefined) keep(this.answers, { ...event, lengthMs: now() - event.startMs }, maxAnswers);
    }
  }

  add(samples: Extract<LogicToView, { type: 'samples' }>): void {
    for (const turn of samples.turns) keep(this.turns[samples.thread], turn, maxTurns);
    this.counters.messages += samples.messages;
    this.counters.setDataCalls += samples.setDataCalls;
    this.counters.setDataBytes += samples.setDataBytes;
  }

  write(line: LogLine): void {
    keep(this.log, line, maxLines);
  }

  get unanswered(): number {
    return this.pending.size;
  }

  /** Frames the view drew in the last second. */
  fps(): number {
    const since = now() - 1000;
    return this.frames.filter((time) => time > since).length;
  }

  turnsSince(sinceMs: number, thread: 'logic' | 'worker' = 'logic'): TurnSample[] {
    return this.turns[thread].filter(([start]) => start >= sinceMs);
  }

  longest(sinceMs: number, thread: 'logic' | 'worker' = 'logic'): number {
    return this.turnsSince(sinceMs, thread).reduce((longest, [, length]) => Math.max(longest, length), 0);
  }
}

function keep<T>(list: T[], item: T, most: number): void {
  list.push(item);
  if (list.length > most) list.splice(0, list.length - most + most / 10);
}
