/**
 * `mp-lanes/go-dev`: `mp-lanes/go` for development. It is the same code, and it warns on the console when all routines are
 * asleep and nothing can wake one. Bundlers that know the condition `development` take it by themselves.
 */
import { warn } from './adapters/console.js';
import { detectDeadlocks } from './go/deadlock.js';

// eslint-disable-next-line no-restricted-syntax -- whatever the other has
export * from './go.js';
export { detectDeadlocks } from './go/deadlock.js';

detectDeadlocks((text) => warn(`mp-lanes: ${text}`));
