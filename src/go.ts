/**
 * `mp-lanes/go`: Go's concurrency in one thread.
 */
import { detectHost } from './adapters/detect.js';
import { provideHost } from './host/runtime.js';

export { Chan } from './go/chan.js';
export type { Receivable, Received } from './go/chan.js';
export { Cond } from './go/cond.js';
export { Context } from './go/context.js';
export type { CancelFunction } from './go/context.js';
export { fanIn, fanOut, merge, pipe } from './go/flow.js';
export type { Flow, FlowOptions, PipeOptions, Sendable } from './go/flow.js';
export { go } from './go/go.js';
export type { GoOptions, RoutineFunction } from './go/go.js';
export { Group } from './go/group.js';
export type { GroupOptions } from './go/group.js';
export { Guard } from './go/guard.js';
export { Mutex } from './go/mutex.js';
export { Once } from './go/once.js';
export type { Operation } from './go/operation.js';
export { PortChan } from './go/port-chan.js';
export type { PortSendOptions } from './go/port-chan.js';
export type { PortLike } from './go/port-source.js';
export { RoutineError } from './go/routine.js';
export type { Routine } from './go/routine.js';
export { RWMutex } from './go/rw-mutex.js';
export { Semaphore } from './go/semaphore.js';
export { SingleFlight } from './go/single-flight.js';
export { WaitGroup } from './go/wait-group.js';
export { sleep } from './go/sleep.js';
export type { WaitOptions } from './go/waiting.js';

export { done, from, select, to } from './go/select.js';
export type { SelectCases, SelectOptions, Selected } from './go/select.js';
export type { SelectCase } from './go/cases.js';
export { after, tick } from './go/timer-chan.js';
export type { TimerChan } from './go/timer-chan.js';

provideHost(detectHost);
