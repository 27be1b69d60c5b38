/** What is wrong with a worker. Apart from the other errors, for entries that start none. */
import { LanesError, nameErrors } from './errors.js';

/** The worker could not be started: wrong path, refused by the host, or no answer in time. */
export class WorkerStartError extends LanesError {}
nameErrors(WorkerStartError, 'WorkerStartError');

/** The thread at the other end is gone (crashed, killed, terminated) while something still depended on it. */
export class WorkerLostError extends LanesError {}
nameErrors(WorkerLostError, 'WorkerLostError');
