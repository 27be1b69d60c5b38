import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AbortController, AbortSignal, addAbortAlgorithm } from '../../src/core/abort.js';
import { signalState } from '../../src/core/signal-state.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

let host: VirtualHost;
let uninstall: () => void;

beforeEach(() => {
  host = createVirtualHost();
  uninstall = host.install();
});
afterEach(() => {
  uninstall();
  host.assertClean();
});

/** Collects garbage, after the turn in which a `WeakRef` was read has ended. */
async function forget(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await new Promise(setImmediate);
    collect();
  }
}

const ignore = (): void => undefined;

describe.each([
  ['ours', () => new AbortController()],
  ["the platform's", () => new globalThis.AbortController()],
])('what a long-lived signal of %s keeps', (_, make) => {
  it('is no dependent that nobody listens to', async () => {
    const controller = make();
    const weak = new WeakRef(AbortSignal.any([controller.signal]));
    await forget();
    expect(weak.deref()).toBe(undefined);
    controller.abort();
  });

  it.each([
    ['a listener', (signal: AbortSignal) => signal.addEventListener('abort', () => host.note('heard'))],
    ['a handler', (signal: AbortSignal) => (signal.onabort = () => host.note('heard'))],
    ['an algorithm', (signal: AbortSignal) => addAbortAlgorithm(signal, () => host.note('heard'))],
  ])('is a dependent with %s, until it has aborted', async (_kind, listen) => {
    const controller = make();
    const dependent = () => {
      const signal = AbortSignal.any([AbortSignal.any([controller.signal])]);
      listen(signal);
      return new WeakRef(signal);
    };
    const weak = dependent();
    await forget();
    expect(weak.deref()).toBeDefined();
    controller.abort();
    expect(host.takeLog()).toEqual(['heard']);
    await forget();
    expect(weak.deref()).toBe(undefined);
  });

  it('is no dependent whose listeners have gone', async () => {
    const controller = make();
    const dependent = () => {
      const signal = AbortSignal.any([controller.signal]);
      signal.addEventListener('abort', ignore);
      const dispose = addAbortAlgorithm(signal, ignore);
      signal.onabort = ignore;
      signal.removeEventListener('abort', ignore);
      dispose();
      signal.onabort = null;
      return new WeakRef(signal);
    };
    const weak = dependent();
    await forget();
    expect(weak.deref()).toBe(undefined);
    expect(controller.signal.aborted).toBe(false);
  });

  it('is no dependent that another source has aborted', () => {
    const controller = make();
    const other = new AbortController();
    const dependent = AbortSignal.any([controller.signal, other.signal]);
    dependent.onabort = ignore;
    expect(signalState(controller.signal).dependents?.size).toBe(1);
    other.abort();
    expect(signalState(controller.signal).dependents?.size).toBe(0);
  });
});

it('a dependent that is alive does not keep its dead sources', async () => {
  const weak: WeakRef<object>[] = [];
  const dependent = () => {
    const controller = new AbortController();
    weak.push(new WeakRef(controller.signal));
    return AbortSignal.any([controller.signal]);
  };
  const signal = dependent();
  await forget();
  expect(weak[0]?.deref()).toBe(undefined);
  expect(AbortSignal.any([signal]).aborted).toBe(false);
});

it('the links of dead dependents are swept as new ones come', async () => {
  const controller = new AbortController();
  for (let round = 0; round < 20; round++) {
    for (let i = 0; i < 100; i++) AbortSignal.any([controller.signal]);
    await forget();
  }
  expect(signalState(controller.signal).dependents?.size).toBeLessThan(400);
});

it('an algorithm that was taken back leaves nothing', () => {
  const { signal } = new AbortController();
  for (let i = 0; i < 1000; i++) addAbortAlgorithm(signal, ignore)();
  expect([signalState(signal).algorithms?.size, signalState(signal).holds]).toEqual([0, 0]);
});

/** A model: a dependent signal is the set of the roots behind it; aborting a root tells, in order of making, who is left. */
const step = fc.oneof(
  fc.record({ do: fc.constant('root' as const), native: fc.boolean() }),
  fc.record({ do: fc.constant('any' as const), of: fc.array(fc.nat(30), { maxLength: 4 }) }),
  fc.record({ do: fc.constant('abort' as const), root: fc.nat(30) }),
  fc.record({ do: fc.constant('algorithm' as const), on: fc.nat(30) }),
);

it('random graphs of signals abort as the model says', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const controllers: (AbortController | globalThis.AbortController)[] = [];
      const signals: {
        signal: AbortSignal;
        roots: Set<number>;
        reason: number | null;
        algorithms: number;
      }[] = [];
      const expected: string[] = [];
      const rootReason: (number | null)[] = [];
      /** Signals and roots in one row, in the order of their making. */
      const row: ({ root: number } | { dependent: number })[] = [];
      const signalAt = (index: number) => {
        const at = row[index % row.length] as (typeof row)[number];
        return 'root' in at
          ? (controllers[at.root] as AbortController).signal
          : (signals[at.dependent]?.signal as AbortSignal);
      };
      for (const [now, each] of steps.entries()) {
        if (each.do === 'root') {
          row.push({ root: controllers.length });
          controllers.push(each.native ? new globalThis.AbortController() : new AbortController());
          rootReason.push(null);
        } else if (row.length === 0) continue;
        else if (each.do === 'any') {
          const sources = each.of.map((index) => row[index % row.length] as (typeof row)[number]);
          const reasons = sources.map((at) =>
            'root' in at ? rootReason[at.root] : signals[at.dependent]?.reason,
          );
          const reason = reasons.find((value) => value !== null) ?? null;
          const roots = new Set(
            sources.flatMap((at) => ('root' in at ? [at.root] : [...(signals[at.dependent]?.roots ?? [])])),
          );
          const index = signals.length;
          const signal = AbortSignal.any(each.of.map(signalAt));
          signal.onabort = () => host.note(`event ${String(index)}`);
          row.push({ dependent: index });
          signals.push({ signal, roots, reason, algorithms: 0 });
        } else if (each.do === 'algorithm') {
          const at = row[each.on % row.length] as (typeof row)[number];
          if (!('dependent' in at)) continue;
          const state = signals[at.dependent] as (typeof signals)[number];
          addAbortAlgorithm(state.signal, () => host.note(`algorithm ${String(at.dependent)}`));
          if (state.reason === null) state.algorithms++;
        } else if (controllers.length > 0) {
          const root = each.root % controllers.length;
          controllers[root]?.abort(now);
          if (rootReason[root] !== null) continue;
          rootReason[root] = now;
          for (const [index, state] of signals.entries()) {
            if (state.reason !== null || !state.roots.has(root)) continue;
            state.reason = now;
            for (let i = 0; i < state.algorithms; i++) expected.push(`algorithm ${String(index)}`);
            expected.push(`event ${String(index)}`);
          }
        }
        expect(signals.map(({ signal }) => signal.reason ?? null)).toEqual(
          signals.map(({ reason }) => reason),
        );
      }
      expect(host.takeLog()).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
