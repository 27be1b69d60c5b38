/** The jobs, the same on every thread: work of a given length, and what it comes to. */
import { spinBySteps } from '../../harness/busy.js';

/** Busy for so many steps of arithmetic, so that a job is the same work wherever it runs. */
export function spin(steps: number): number {
  spinBySteps(steps);
  return steps;
}
