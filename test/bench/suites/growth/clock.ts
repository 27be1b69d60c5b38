/**
 * The clock of this suite. Where the host tells it (Node) it is the processor's time of the whole process, helpers of the engine
 * and the other thread included: what others do on the machine does not lengthen it, so that a fit over a thousandfold of n
 * holds, and waiting costs nothing. Elsewhere it is the wall's.
 */
import type { Kit } from '../../harness/kit.js';

interface NodeProcess {
  cpuUsage?(): { readonly user: number; readonly system: number };
}

export interface WorkClock {
  now(this: void): number;
  readonly countsWaits: boolean;
}

export function workClock(kit: Pick<Kit, 'now'>): WorkClock {
  const { process } = globalThis as { readonly process?: NodeProcess };
  if (process?.cpuUsage === undefined) return { now: kit.now, countsWaits: true };
  const usage = process.cpuUsage.bind(process);
  return {
    countsWaits: false,
    now() {
      const { user, system } = usage();
      return (user + system) / 1e3;
    },
  };
}
