/** What every workload of this suite is given. */
import { SuiteBench } from '../../harness/bench.js';
import type { Kit } from '../../harness/kit.js';
import type { Recorder } from '../../harness/recorder.js';
import type { Routines } from './peers/peer.js';
import type { Plan } from './plan.js';

/** A library that runs here. */
export interface Contender {
  readonly name: string;
  readonly tags: readonly string[];
  readonly routines: Routines;
}

export class Bench extends SuiteBench {
  constructor(
    kit: Kit,
    readonly plan: Plan,
    recorder: Recorder,
    readonly contenders: readonly Contender[],
    random: () => number,
  ) {
    super(kit, recorder, random, plan.sampleLimitMs);
  }
}
