/**
 * A clock that only moves when told to, and the turns (macrotasks, timers, idle callbacks) waiting on it.
 *
 * Invariants: turns run one at a time, by due time and then by order of arming; `nowMs` never goes back; an idle callback
 * runs only when no other turn is due.
 */
import type { HostIdleDeadline } from '../host/host.js';

/** What kind of turn something waits for; a `background` one is a timer that nobody waits for, as of a heartbeat. */
export type TurnKind = 'macrotask' | 'timer' | 'background' | 'idle' | 'message';

interface Turn {
  readonly kind: TurnKind;
  readonly dueMs: number;
  readonly order: number;
  readonly run: () => void;
}

interface IdleRequest {
  readonly callback: (deadline: HostIdleDeadline) => void;
  readonly timeoutAtMs: number;
}

/** The longest idle period of the specification, in milliseconds. */
const IDLE_PERIOD_MS = 50;

/** A deterministic queue of turns. */
export class VirtualTurns {
  nowMs = 0;
  private nextOrder = 0;
  private readonly turns: Turn[] = [];
  private readonly idle: IdleRequest[] = [];

  /** Arms `run` for `delayMs` from now. */
  arm(kind: TurnKind, delayMs: number, run: () => void): Turn {
    const turn: Turn = { kind, dueMs: this.nowMs + delayMs, order: this.nextOrder++, run };
    let index = this.turns.length;
    while (index > 0 && (this.turns[index - 1] as Turn).dueMs > turn.dueMs) index--; // Invariant: index - 1 is inside.
    this.turns.splice(index, 0, turn);
    return turn;
  }

  disarm(turn: unknown): void {
    const index = this.turns.indexOf(turn as Turn);
    if (index >= 0) this.turns.splice(index, 1);
  }

  requestIdle(callback: (deadline: HostIdleDeadline) => void, timeoutMs = Infinity): () => void {
    const request = { callback, timeoutAtMs: this.nowMs + timeoutMs };
    this.idle.push(request);
    return () => {
      const index = this.idle.indexOf(request);
      if (index >= 0) this.idle.splice(index, 1);
    };
  }

  /** How many turns of each kind are armed. */
  count(): Record<TurnKind, number> {
    const counts = { macrotask: 0, timer: 0, background: 0, idle: this.idle.length, message: 0 };
    for (const turn of this.turns) counts[turn.kind]++;
    return counts;
  }

  /** Whether somebody waits for one of the turns. */
  get isBusy(): boolean {
    return this.idle.length > 0 || this.turns.some(({ kind }) => kind !== 'background');
  }

  /** When the next turn would run; `Infinity` without one. */
  get nextMs(): number {
    const next = this.turns[0];
    if (this.idle.length > 0) return this.nowMs;
    return next === undefined ? Infinity : Math.max(next.dueMs, this.nowMs);
  }

  /** Takes the next turn that is due by `limitMs` out and moves the clock to it. */
  take(limitMs: number): Pick<Turn, 'kind' | 'run'> | undefined {
    const next = this.turns[0];
    if (next !== undefined && next.dueMs <= Math.min(this.nowMs, limitMs)) return this.turns.shift();
    const idle = this.nowMs <= limitMs ? this.takeIdle() : undefined;
    if (idle !== undefined) return idle;
    if (next === undefined || next.dueMs > limitMs) return undefined;
    this.nowMs = Math.max(this.nowMs, next.dueMs);
    return this.turns.shift();
  }

  private takeIdle(): Pick<Turn, 'kind' | 'run'> | undefined {
    const request = this.idle.shift();
    if (request === undefined) return undefined;
    return { kind: 'idle', run: () => request.callback(this.idleDeadline(request)) };
  }

  private idleDeadline(request: IdleRequest): HostIdleDeadline {
    const didTimeout = this.nowMs >= request.timeoutAtMs;
    const next = this.turns[0];
    const endMs = Math.min(this.nowMs + IDLE_PERIOD_MS, next === undefined ? Infinity : next.dueMs);
    return { didTimeout, timeRemaining: () => (didTimeout ? 0 : Math.max(0, endMs - this.nowMs)) };
  }
}
