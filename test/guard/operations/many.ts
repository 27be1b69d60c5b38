/** An operation that is done many times at once, in one turn. */
import type { Operation } from '../measure.js';
import type { Stage } from '../stage.js';

export function many(
  name: string,
  times: number,
  keeps: Operation['keeps'],
  prepare: (stage: Stage) => (() => void) | Promise<() => void>,
): Operation {
  return {
    name,
    times,
    ...(keeps === undefined ? {} : { keeps }),
    async prepare(stage) {
      const once = await prepare(stage);
      return () => {
        for (let left = times; left > 0; left--) once();
      };
    },
  };
}
