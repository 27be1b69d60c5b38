/**
 * The polyfill writes itself into `self` and does nothing where that has a scheduler. `bundle.ts` makes this module of it,
 * with a `self` of its own, so that it is the polyfill that runs, and no other peer meets it.
 */
export const scheduler: Scheduler;
