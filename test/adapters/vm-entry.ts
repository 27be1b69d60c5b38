/** What tests need inside a context of its own. */
export { readAmbient } from '../../src/adapters/ambient.js';
export { detectHost } from '../../src/adapters/detect.js';
export { currentThreads, detectThreads } from '../../src/adapters/detect-threads.js';
export { currentRuntime } from '../../src/host/runtime.js';
export { createVirtualHost } from '../../src/adapters/virtual-host.js';
export { AbortSignal, TaskController, scheduler } from '../../src/scheduler.js';
