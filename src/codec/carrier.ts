/** The codec for carriers of a program's own: storage, a socket, a pipe that this library does not know. */
import { notA, required } from '../core/webidl.js';
import { isArrayBuffer } from './buffers.js';
import { decode as decodeParsed } from './decode.js';
import { encode as encodeValue, type Encoded } from './encode.js';
import { limitsOf, protocolError, within, type Limits } from './limits.js';
import { refuse, transferListOf, validateTransfer } from './transfer.js';

/** What {@link encode} may be told. */
export interface EncodeCarrierOptions {
  /** Buffers whose bytes move into the result instead of being copied. @defaultValue none */
  readonly transfer?: Iterable<ArrayBuffer>;
  /** Where the limits differ from the defaults. */
  readonly limits?: Partial<Limits>;
}

/** What {@link decode} may be told. */
export interface DecodeCarrierOptions {
  /** Where the limits differ from the defaults. */
  readonly limits?: Partial<Limits>;
}

/**
 * A value as JSON text and a list of buffers, from which {@link decode} makes what `structuredClone` would have made.
 * Plain data become plain JSON. A text is read by the same or a later version of `mp-lanes`.
 *
 * @param options - `transfer`: buffers that are detached as with `structuredClone`; `limits`: see {@link Limits}
 * @returns `text`, and `buffers` in the order in which the text refers to them; both belong to you
 * @throws TypeError without a value, or for options of another kind.
 * @throws DOMException `DataCloneError` that says where in the value the part is that cannot be cloned or is above a limit,
 *   or which item of `transfer` is no buffer. Nothing is detached then. What a getter of the value throws passes.
 * @example
 * ```js
 * const { text, buffers } = encode({ seen: new Set(['a']), at: new Date(0), bytes: new Uint8Array(2) });
 * const { seen, at, bytes } = decode(text, buffers);
 * ```
 * @see https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializewithtransfer
 */
export function encode(value: unknown, options?: EncodeCarrierOptions): Encoded;
export function encode(...given: unknown[]): Encoded {
  required(given.length, 1);
  const list = transferListOf(given[1]);
  validateTransfer(list);
  list.forEach((object, index) => {
    if (!isArrayBuffer(object)) refuse(index, 'is no buffer, and nothing else crosses as text');
  });
  const { limits } = (given[1] ?? {}) as EncodeCarrierOptions;
  return encodeValue(given[0], {
    ...(list.length > 0 && { transfer: new Set(list as ArrayBuffer[]) }),
    ...(limits !== undefined && { limits }),
  });
}

/**
 * The value that {@link encode} was given. Whatever `text` is, the result is a value or an error with a code: nothing of
 * it is run, and no prototype is changed.
 *
 * @param buffers - those that `encode` gave, in the same order; they become part of the value. @defaultValue none
 * @param options - `limits`: see {@link Limits}; lower ones for texts of strangers
 * @throws TypeError for arguments of another kind.
 * @throws LanesError `ERR_PROTOCOL` for a text that `encode` does not write, that is above a limit, or that holds an
 *   instance of a type which is not registered here (`registerType`).
 * @example
 * ```js
 * const { text, buffers } = encode(new Map([['a', 1n]]));
 * decode(text, buffers, { limits: { maxTextLength: 10_000 } }).get('a'); // 1n
 * ```
 */
export function decode(
  text: string,
  buffers: readonly ArrayBuffer[] = [],
  options: DecodeCarrierOptions = {},
): unknown {
  if (typeof text !== 'string') throw notA('a string', text);
  if (!Array.isArray(buffers)) throw notA('a list of buffers', buffers);
  const limits = limitsOf(options.limits);
  within(text.length, limits, 'maxTextLength');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw protocolError('a text that is no JSON', text, error);
  }
  return decodeParsed(parsed, buffers, { limits });
}
