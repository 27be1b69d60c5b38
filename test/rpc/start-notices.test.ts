import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Rank } from '../../src/core/task.js';
import { StartNotices } from '../../src/rpc/start-notices.js';
import type { Announced } from '../../src/rpc/start-notices.js';
import { runs } from '../deep/scale.js';
import { CallStage } from './call-stage.js';

const stage = CallStage.perTest();

interface FakeCall extends Announced {
  queued: boolean;
}

let nextId = 1;

function createCall(rank: Rank = 1, isTimed = false): FakeCall {
  return { id: nextId++, rank, queued: true, isTimed, isAnnounced: false };
}

/** Notices, and what they said; `run` does as the callee does with a call whose turn it is. */
function createNotices() {
  const sent: (readonly number[])[] = [];
  const notices = new StartNotices<FakeCall>((ids) => sent.push(ids));
  const add = (...calls: FakeCall[]): FakeCall[] => {
    calls.forEach((call) => notices.add(call));
    return calls;
  };
  const run = (call: FakeCall, costMs = 0): void => {
    call.queued = false;
    if (!call.isAnnounced) notices.announce(call);
    stage.host.costMs(costMs);
  };
  return { sent, add, run };
}

describe('notices of calls that begin', () => {
  it('name one call, then twice as many each time, as long as they are short', () => {
    const { sent, add, run } = createNotices();
    const calls = add(...Array.from({ length: 1000 }, () => createCall()));
    for (const call of calls) run(call, 0.1);
    expect(sent.map(({ length }) => length)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 256, 233]);
    expect(sent.flat()).toEqual(calls.map(({ id }) => id));
  });

  it('name one again after a call that took long', () => {
    const { sent, add, run } = createNotices();
    for (const call of add(...Array.from({ length: 7 }, () => createCall()))) run(call);
    const long = add(createCall(), createCall(), createCall());
    for (const call of long) run(call, 100);
    for (const call of add(createCall(), createCall(), createCall())) run(call);
    expect(sent.map(({ length }) => length)).toEqual([1, 2, 4, 3, 1, 2]);
  });

  it('name a call whose time counts when it begins, not before', () => {
    const { sent, add, run } = createNotices();
    const calls = add(...Array.from({ length: 10 }, (_, n) => createCall(1, n === 5)));
    const timed = calls[5] as FakeCall;
    for (const call of calls.slice(0, 5)) run(call);
    expect(sent.flat()).not.toContain(timed.id);
    run(timed);
    expect(sent[sent.length - 1]?.[0]).toBe(timed.id);
    for (const call of calls.slice(6)) run(call);
    expect(sent.flat()).toEqual(calls.map(({ id }) => id));
  });

  it('leave out calls that were dropped before their turn', () => {
    const { sent, add, run } = createNotices();
    const calls = add(...Array.from({ length: 8 }, () => createCall()));
    calls.forEach((call, at) => (call.queued = at % 2 === 0));
    for (const call of calls.filter(({ queued }) => queued)) run(call);
    expect(sent.flat()).toEqual(calls.filter((_, at) => at % 2 === 0).map(({ id }) => id));
  });

  it('keep none of a million calls that were dropped', () => {
    const { sent, add, run } = createNotices();
    for (let n = 0; n < 1_000_000; n++) (add(createCall())[0] as FakeCall).queued = false;
    const [last] = add(createCall()) as [FakeCall];
    const startMs = performance.now();
    run(last);
    expect(performance.now() - startMs).toBeLessThan(50);
    expect(sent).toEqual([[last.id]]);
  });

  it('name each call that runs, once, before it does, and in the order of its rank (property)', () => {
    const step = fc.record({
      rank: fc.constantFrom<Rank>(0, 1, 2),
      isTimed: fc.boolean(),
      dropped: fc.boolean(),
      costMs: fc.constantFrom(0, 0, 0, 5, 300),
    });
    fc.assert(
      fc.property(fc.array(fc.array(step, { maxLength: 40 }), { maxLength: 10 }), (bursts) => {
        const { sent, add, run } = createNotices();
        for (const burst of bursts) {
          const calls = burst.map(({ rank, isTimed }) => createCall(rank, isTimed));
          add(...calls);
          calls.forEach((call, at) => (call.queued = burst[at]?.dropped !== true));
          for (const rank of [0, 1, 2]) {
            const due = calls.filter((call) => call.rank === rank && call.queued);
            for (const call of due) {
              if (call.isTimed) expect(sent.flat()).not.toContain(call.id);
              run(call, burst[calls.indexOf(call)]?.costMs);
              expect(sent.flat()).toContain(call.id);
            }
            const named = sent.flat().filter((id) => due.some((call) => call.id === id));
            expect(named).toEqual(due.map(({ id }) => id));
          }
        }
        expect(new Set(sent.flat()).size).toBe(sent.flat().length);
      }),
      runs(200, 10_000),
    );
  });
});
