import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pump } from '../../src/core/pump.js';
import type { QueuedTask, Rank } from '../../src/core/pump.js';

/** A pump whose turn is run by hand, on a clock that stands still. */
function createPump() {
  const turns: (() => void)[] = [];
  const pump = new Pump({
    now: () => 0,
    macrotask: (callback) => void turns.push(callback),
    microtask: (callback) => void turns.push(callback),
    nativeJobs: true,
    delayed: false,
    hidden: false,
    reportError: (error) => {
      throw error;
    },
  });
  const run = (): void => {
    for (let turn = turns.shift(); turn !== undefined; turn = turns.shift()) turn();
  };
  return { pump, run };
}

interface ModelTask {
  readonly name: number;
  rank: Rank;
  readonly continuation: boolean;
}

const rank = fc.constantFrom<Rank>(0, 1, 2);
const command = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('post' as const), rank, continuation: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), which: fc.nat() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('move' as const), which: fc.nat(), rank }) },
);

describe('the pump’s queues', () => {
  it('run any mix of posts, cancels and moves in the order of rank, continuation and key', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 400 }), (commands) => {
        const { pump, run } = createPump();
        const handles = new Map<ModelTask, QueuedTask>();
        const ran: number[] = [];
        let waiting: ModelTask[] = [];
        let name = 0;
        for (const each of commands) {
          const picked = 'which' in each ? waiting[each.which % (waiting.length || 1)] : undefined;
          if (each.kind === 'post') {
            const task: ModelTask = { name: name++, rank: each.rank, continuation: each.continuation };
            const callback = (): void => void ran.push(task.name);
            handles.set(
              task,
              each.continuation ? pump.postContinuation(each.rank, callback) : pump.post(each.rank, callback),
            );
            waiting.push(task);
          } else if (picked !== undefined && each.kind === 'cancel') {
            expect(pump.cancel(handles.get(picked)!)).toBe(true);
            waiting = waiting.filter((task) => task !== picked);
          } else if (picked !== undefined && each.kind === 'move') {
            pump.reprioritise(handles.get(picked)!, each.rank);
            picked.rank = each.rank;
          }
          expect(pump.length).toBe(waiting.length);
        }
        run();
        const place = (task: ModelTask): number => task.rank * 2 + (task.continuation ? 0 : 1);
        waiting.sort((a, b) => place(a) - place(b) || a.name - b.name);
        expect(ran).toEqual(waiting.map((task) => task.name));
        expect(pump.length).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('let go of a cancelled task’s callback and of its slot', () => {
    const { pump, run } = createPump();
    const kept = pump.post(2, () => undefined);
    for (let round = 0; round < 10_000; round++) pump.cancel(pump.post(2, () => undefined));
    const { queues } = (pump as unknown as { queues: { queues: { ring: { length: number } }[] } }).queues;
    const { ring } = queues[5]!;
    expect(ring.length).toBeLessThan(200);
    expect(kept.queued).toBe(true);
    run();
    expect(kept.queued).toBe(false);
  });
});
