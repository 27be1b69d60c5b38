/**
 * The polyfill writes itself into `self` and does nothing where that has a scheduler. `bundle.ts` gives it a `self` of its
 * own, so that it is the polyfill that runs, and no other peer meets it.
 */
declare module 'isolated:scheduler-polyfill' {
  export const scheduler: Scheduler;
}
