/** The other thread with birpc: both ends have functions, and name those of the other. */
import { createBirpc } from 'birpc';
import type { Serve } from '../../../harness/kit.js';
import { add, visit, weigh } from '../api.js';
import type { BirpcFar, BirpcNear } from '../peers/birpc.js';

export const serve: Serve = ({ parent }) => {
  const functions: BirpcFar = {
    add,
    weigh,
    weighMoved: weigh,
    visit: (count) => visit(count, (n) => near.onVisit(n)),
  };
  const near = createBirpc<BirpcNear, BirpcFar>(functions, {
    post: (message) => parent.post(message),
    on: (listener) => parent.listen(listener),
  });
};
