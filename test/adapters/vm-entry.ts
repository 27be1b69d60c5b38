/** What tests need inside a context of its own. */
export { readAmbient } from '../../src/adapters/ambient.js';
export { detectHost } from '../../src/adapters/detect.js';
export { currentRuntime } from '../../src/host/runtime.js';
export { AbortSignal, TaskController, scheduler } from '../../src/scheduler.js';
