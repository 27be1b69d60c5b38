/**
 * `mp-lanes/worker-go`: the worker's side with Go's concurrency, in one file: worker code of a mini-program reaches no other,
 * and two files would be two libraries that do not know one another.
 */
// eslint-disable-next-line no-restricted-syntax -- whatever the two have
export * from './go.js';
// eslint-disable-next-line no-restricted-syntax -- as above
export * from './worker.js';
