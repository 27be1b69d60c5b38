/** What a `Worker` tells while its files are fetched. */
import { Event } from '../core/event.js';

/** A part of a subpackage has come. @see https://xhr.spec.whatwg.org/#interface-progressevent the same members */
export class WorkerProgressEvent extends Event {
  constructor(
    /** Bytes fetched. */
    readonly loaded: number,
    /** Bytes to be fetched. */
    readonly total: number,
  ) {
    super('progress');
  }
}
