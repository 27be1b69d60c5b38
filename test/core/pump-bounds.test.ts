/** The bounds that the documentation promises, over random task mixes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rank } from '../../src/core/pump.js';
import { createRuntime } from '../../src/host/runtime.js';
import { createVirtualHost } from '../../src/testing.js';

/** More with MP_LANES_RUNS=10000, which takes a minute or two. */
const numRuns = Number(process.env['MP_LANES_RUNS'] ?? 200);
const expiryMs = [250, 5000, 10_000] as const;

const mix = fc.record({
  /** The load that never ends: its rank, and what each of its tasks costs. */
  rank: fc.constantFrom<Rank>(0, 1),
  costMs: fc.double({ min: 0.05, max: 0.5, noNaN: true }),
  /** Tasks that wait behind it. */
  behind: fc.array(
    fc.record({ rank: fc.constantFrom<Rank>(1, 2), costMs: fc.double({ min: 0, max: 0.5, noNaN: true }) }),
    { minLength: 1, maxLength: 10 },
  ),
  /** Tasks ahead of it, while it runs. */
  urgentEveryMs: fc.integer({ min: 20, max: 400 }),
  stepMs: fc.constantFrom(0, -3_600_000),
});

describe('under a load that never ends', () => {
  it('every task starts within three times its expiry, urgent ones within two slices, no turn passes 12 ms', () => {
    fc.assert(
      fc.property(mix, ({ rank, costMs, behind, urgentEveryMs, stepMs }) => {
        const host = createVirtualHost();
        const { pump } = createRuntime(host, { expiryMs: [25, 500, 1000] });
        // The host's clock may step; what is measured is virtual time.
        let skewMs = 0;
        const now = (): number => host.time.now() - skewMs;
        let left = behind.length;
        let urgentMs = 0;
        const again = (): void => {
          host.costMs(costMs);
          if (left > 0) pump.post(rank, again);
        };
        for (let index = 0; index < 20; index++) pump.post(rank, again);
        for (const task of behind) {
          const limitMs = (3 * expiryMs[task.rank]) / 10 + 20;
          pump.post(task.rank, () => {
            expect(now()).toBeLessThanOrEqual(limitMs);
            host.costMs(task.costMs);
            left--;
          });
        }
        let nextUrgentMs = urgentEveryMs;
        for (let turns = 0; ; turns++) {
          const startMs = now();
          if (startMs >= nextUrgentMs) {
            nextUrgentMs = startMs + urgentEveryMs;
            pump.postContinuation(0, () => (urgentMs = Math.max(urgentMs, now() - startMs)));
          }
          if (turns === 50 && stepMs !== 0) {
            host.stepClock(stepMs);
            skewMs = stepMs;
          }
          const turnMs = now();
          if (!host.runTurnSync()) break;
          expect(now() - turnMs).toBeLessThanOrEqual(12);
        }
        expect(left).toBe(0);
        expect(urgentMs).toBeLessThanOrEqual(16);
        expect(host.takeErrors()).toEqual([]);
        host.assertClean();
      }),
      { numRuns },
    );
  });
});
