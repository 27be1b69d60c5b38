/**
 * The bounds that the documentation promises (docs/scheduler.md), over random mixes of tasks, slices, expiries and turns,
 * on a virtual clock: 10,000 mixes in every run.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rank } from '../../src/core/pump.js';
import { createRuntime } from '../../src/host/runtime.js';
import { createVirtualHost } from '../../src/testing.js';

/** Some seconds, on a machine that others keep busy. */
const testLimitMs = 60_000;

const numRuns = Number(process.env['MP_LANES_RUNS'] ?? 10_000);

/** At most so many tasks between two readings of the clock; `CLOCK_EVERY` of the pump. */
const UNREAD = 8;
/** The shortest slice, the longest in front, and the longest in the background, in lengths of what was configured. */
const SHORTEST = 0.1;
const GROWN = 1.3;
const LONGEST = 2;
/** What a turn of the host costs at least, so that time passes. */
const IDLE_TURN_MS = 0.25;
/** Times of posting are kept in steps of 4 ms, and 64 tasks may share a reading of the clock. */
const ROUNDING_MS = 5;

/** From a fifth of the shortest slice to its length: tasks without any cost would never let virtual time pass. */
const costMs = fc.integer({ min: 1, max: 5 }).map((fifths) => fifths / 5);

const mix = fc.record({
  sliceMs: fc.integer({ min: 1, max: 10 }),
  expiryMs: fc.tuple(
    fc.integer({ min: 5, max: 25 }),
    fc.integer({ min: 10, max: 50 }),
    fc.integer({ min: 20, max: 100 }),
  ),
  adaptive: fc.boolean(),
  hidden: fc.boolean(),
  turnMs: fc.integer({ min: 0, max: 5 }),
  delayed: fc.boolean(),
  /** The load that never ends: so many tasks of a rank, each of which posts itself again. */
  load: fc.record({ rank: fc.constantFrom<Rank>(0, 1), count: fc.integer({ min: 1, max: 6 }), costMs }),
  /** What waits behind it, and when it is posted. */
  behind: fc.array(
    fc.record({ rank: fc.constantFrom<Rank>(0, 1, 2), costMs, atMs: fc.integer({ min: 0, max: 30 }) }),
    { minLength: 1, maxLength: 16 },
  ),
  /** A turn in which the wall clock is put back, and by how much. */
  step: fc.record({ turn: fc.integer({ min: 0, max: 40 }), ms: fc.constantFrom(0, -3_600_000) }),
});

type Mix = typeof mix extends fc.Arbitrary<infer M> ? M : never;

/** A task that was posted and has, or has not, started. */
interface Watched {
  readonly rank: Rank;
  readonly costMs: number;
  readonly postedMs: number;
  readonly expiredMs: number;
  /** Whether it waits behind the load, and is no part of it. */
  readonly awaited: boolean;
  startedMs: number;
}

/** Plays a mix until all that waits behind the load has started. */
class Play {
  readonly tasks: Watched[] = [];
  readonly longestMs: number;
  private readonly host;
  private readonly pump;
  private left: number;
  private skewMs = 0;

  constructor(private readonly mix: Mix) {
    this.host = createVirtualHost({ turnMs: mix.turnMs, delayed: mix.delayed });
    this.pump = createRuntime(this.host).pump;
    const { sliceMs, expiryMs, adaptive } = mix;
    this.pump.tuning = { ...this.pump.tuning, sliceMs: [sliceMs, sliceMs, sliceMs], expiryMs, adaptive };
    if (mix.hidden) this.host.hide();
    this.longestMs = Math.max(mix.load.costMs, ...mix.behind.map((each) => each.costMs));
    this.left = mix.behind.length;
  }

  /** Virtual time, whatever the wall clock of the host says. */
  get nowMs(): number {
    return this.host.time.now() - this.skewMs;
  }

  run(): void {
    const { load, behind, step } = this.mix;
    for (let index = 0; index < load.count; index++) this.again();
    const later = [...behind].sort((a, b) => a.atMs - b.atMs);
    for (let turn = 0; turn < 20_000 && this.left > 0; turn++) {
      while (later[0] !== undefined && later[0].atMs <= this.nowMs) {
        const { rank, costMs: cost } = later.shift()!;
        this.post(rank, cost, true, () => this.left--);
      }
      if (turn === step.turn && step.ms !== 0) {
        this.host.stepClock(step.ms);
        this.skewMs = step.ms;
      }
      this.host.runTurnSync();
      this.host.costMs(IDLE_TURN_MS);
    }
    expect(this.host.takeErrors()).toEqual([]);
    expect(this.left).toBe(0);
  }

  private again(): void {
    const { rank, costMs: cost } = this.mix.load;
    this.post(rank, cost, false, () => this.left > 0 && this.again());
  }

  private post(rank: Rank, cost: number, awaited: boolean, then: () => void): void {
    const postedMs = this.nowMs;
    const expiredMs = postedMs + this.mix.expiryMs[rank];
    const task: Watched = { rank, costMs: cost, postedMs, expiredMs, awaited, startedMs: Infinity };
    this.tasks.push(task);
    this.pump.post(rank, () => {
      task.startedMs = this.nowMs;
      this.host.costMs(cost);
      then();
    });
  }
}

/** How many others, expired before `task`, ran between its expiry and its start. */
function expiredBefore(task: Watched, all: readonly Watched[]): number {
  return all.filter(
    (other) =>
      other.startedMs > task.expiredMs - ROUNDING_MS &&
      other.startedMs < task.startedMs &&
      other.expiredMs <= task.expiredMs + ROUNDING_MS,
  ).length;
}

/** How long the user-blocking tasks took that were ahead of `task` when it was posted, or continued it. */
function costAheadMs(task: Watched, all: readonly Watched[]): number {
  return all
    .filter(
      (other) =>
        other !== task &&
        other.rank === 0 &&
        other.startedMs < task.startedMs &&
        other.startedMs + other.costMs > task.postedMs,
    )
    .reduce((sum, other) => sum + other.costMs, 0);
}

describe('under a load that never ends', { timeout: 300_000 }, () => {
  it(
    'no task starves and no user-blocking task waits for more than was promised',
    () => {
      fc.assert(
        fc.property(mix, (given) => {
          const play = new Play(given);
          play.run();
          const { tasks, longestMs } = play;
          const gapMs = given.turnMs + IDLE_TURN_MS;
          const sliceMs = given.sliceMs * LONGEST + UNREAD * longestMs + gapMs;
          for (const task of tasks.filter((each) => each.awaited)) {
            // It starts within two slices of its expiry, and one more for each that was expired before it.
            const slices = 2 + expiredBefore(task, tasks);
            expect(task.startedMs - task.expiredMs).toBeLessThanOrEqual(slices * sliceMs + ROUNDING_MS);
            if (task.rank > 0) continue;
            // The task that runs, those ahead of it, and a turn with one expired task for each slice that they need.
            const aheadMs = costAheadMs(task, tasks);
            const turns = 2 + Math.ceil(aheadMs / (given.sliceMs * SHORTEST));
            const limitMs = longestMs + aheadMs + turns * (gapMs + longestMs);
            expect(task.startedMs - task.postedMs).toBeLessThanOrEqual(limitMs);
          }
        }),
        { numRuns },
      );
    },
    testLimitMs,
  );

  it(
    'no slice is longer than its budget and what runs between two readings of the clock',
    () => {
      fc.assert(
        fc.property(mix, ({ sliceMs, load }) => {
          const host = createVirtualHost();
          const { pump } = createRuntime(host);
          pump.tuning = { ...pump.tuning, sliceMs: [sliceMs, sliceMs, sliceMs] };
          for (let index = 0; index < 60; index++) pump.post(load.rank, () => host.costMs(load.costMs));
          // Tasks from half a millisecond on are looked at one by one.
          const unread = load.costMs < 0.5 ? UNREAD : 1;
          for (let startMs = 0; host.runTurnSync(); startMs = host.time.now())
            expect(host.time.now() - startMs).toBeLessThanOrEqual(sliceMs * GROWN + unread * load.costMs);
          host.assertClean();
        }),
        { numRuns: numRuns / 10 },
      );
    },
    testLimitMs,
  );
});
