/**
 * Transferring: an object moves, and what is left behind is detached.
 *
 * Detaching an ArrayBuffer takes the engine's help: `ArrayBuffer.prototype.transfer` (ES2024), or a capability of the
 * host, such as its own `structuredClone`, that an adapter gives to {@link provideDetach}. Where there is neither, a
 * resizable buffer is emptied, and a buffer of fixed length **stays readable and writable at the sender**: what the
 * receiver gets is then a copy, so that no byte is ever shared.
 *
 * @see https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializewithtransfer
 */
import { DOMException } from '../core/dom-exception.js';
import { dictionary, isObject, notA, sequence } from '../core/webidl.js';
import { copyOf, isArrayBuffer, isDetached } from './buffers.js';
import { slotReader } from './kind.js';
import { maxByteLengthOf } from './reading.js';

/** Moves the bytes into a new buffer and detaches the old one. */
export type Detach = (buffer: ArrayBuffer) => ArrayBuffer;

const transferBuffer = slotReader(ArrayBuffer.prototype, 'transfer') as
  ((this: ArrayBuffer) => ArrayBuffer) | undefined;
const resize = slotReader(ArrayBuffer.prototype, 'resize') as
  ((this: ArrayBuffer, byteLength: number) => void) | undefined;
let hostDetach: (() => Detach | null) | undefined;

/** Names where the host's own way to detach is to be had, for engines without `ArrayBuffer.prototype.transfer`. */
export function provideDetach(source: () => Detach | null): void {
  hostDetach = source;
}

/**
 * Moves the bytes of `buffer` into a new buffer and leaves `buffer` as empty as this engine can; `null` where it can
 * do nothing, so that the caller must copy.
 * @throws TypeError for a buffer that must not be detached (a WebAssembly memory's).
 */
export function detach(buffer: ArrayBuffer): ArrayBuffer | null {
  if (transferBuffer !== undefined) return transferBuffer.call(buffer);
  const detachInHost = hostDetach === undefined ? null : hostDetach();
  if (detachInHost !== null) return detachInHost(buffer);
  const maxByteLength = maxByteLengthOf(buffer);
  if (maxByteLength === null || resize === undefined) return null;
  const moved = copyOf(buffer, maxByteLength);
  resize.call(buffer, 0);
  return moved;
}

/**
 * What a platform object that can be transferred has, so that this layer needs not know it: the method moves the
 * object into a new one, which it returns, and leaves the old one detached. A method that is `undefined` on an object
 * says that the object is detached already.
 */
export const transferSteps: unique symbol = Symbol.for('mp-lanes.transferSteps') as never;

/** A platform object that can be transferred. */
export interface Transferable {
  readonly [transferSteps]: (() => object) | undefined;
}

export function isTransferable(object: object): object is Transferable {
  return transferSteps in object;
}

/** The `transfer` member of `options`, converted as Web IDL says. */
export function transferListOf(options: unknown): object[] {
  const { transfer } = dictionary(options);
  return transfer === undefined ? [] : sequence(transfer, objectOf);
}

function objectOf(item: unknown): object {
  if (!isObject(item)) throw notA('an object', item);
  return item;
}

/**
 * Checks a transfer list before anything of it is moved.
 * @param isMovable - tells what else the caller can move
 * @throws DOMException `DataCloneError` for what cannot be transferred, and for what is in the list twice.
 */
export function validateTransfer(
  list: readonly object[],
  isMovable: (object: object) => boolean = () => false,
): void {
  const seen = new Set<object>();
  list.forEach((object, index) => {
    if (seen.has(object)) refuse(index, 'is in the list already');
    seen.add(object);
    if (!isTransferable(object) && !isArrayBuffer(object) && !isMovable(object))
      refuse(index, 'cannot be transferred');
  });
}

/** The standard finds what is detached only after the value was serialized. */
export function requireAttached(list: Iterable<object>): void {
  let index = 0;
  for (const object of list) {
    const gone = isArrayBuffer(object)
      ? isDetached(object)
      : isTransferable(object) && object[transferSteps] === undefined;
    if (gone) refuse(index, 'is detached');
    index++;
  }
}

/** Throws for an item of a transfer list. */
export function refuse(index: number, why: string): never {
  throw new DOMException(`transfer[${index}] ${why}`, 'DataCloneError');
}
