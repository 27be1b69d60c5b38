/** The buffers of one envelope, as its frames take them out: by place, each once, so that no two messages share one. */
import { textToBuffers } from '../codec/base64.js';
import { protocolError } from '../codec/limits.js';

const none: readonly never[] = [];

export class EnvelopeBuffers {
  /** One lives for ever; see `core/task.ts`. */
  static readonly kept = new EnvelopeBuffers([]);
  private used: Set<number> | null = null;

  constructor(private readonly all: readonly unknown[]) {}

  /**
   * Takes `count` buffers from the place `first` on.
   * @throws LanesError `ERR_PROTOCOL` where one is not there, is taken already, or is neither a buffer nor its text.
   */
  take(first: number, count: number): readonly ArrayBuffer[] {
    if (count === 0) return none;
    const used = (this.used ??= new Set());
    const taken: unknown[] = [];
    for (let at = first; at < first + count; at++) {
      if (!(at in this.all) || used.has(at)) throw protocolError('a buffer that is not there', at);
      used.add(at);
      taken.push(this.all[at]);
    }
    return textToBuffers(taken);
  }
}
