/** Views on buffers: typed arrays and DataViews, read by their slots. */
import { isArrayBuffer, isDetached } from './buffers.js';
import { slotReader, type SlotReader } from './kind.js';
import { maxByteLengthOf } from './reading.js';

/** How a view lies on its buffer. `length` in elements; `null` where it follows a resizable buffer's length. */
export interface ViewFields {
  readonly name: string;
  readonly buffer: ArrayBuffer;
  readonly byteOffset: number;
  readonly length: number | null;
}

interface ViewConstructor {
  new (buffer: ArrayBuffer, byteOffset: number, length?: number): ArrayBufferView;
  readonly BYTES_PER_ELEMENT?: number;
}
declare const Float16Array: ViewConstructor | undefined;

/** Every view that this engine has, by name. */
const constructors = new Map<string, ViewConstructor>();
const candidates: unknown[] = [
  DataView,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
];
if (typeof BigInt64Array !== 'undefined') candidates.push(BigInt64Array, BigUint64Array);
if (typeof Float16Array !== 'undefined') candidates.push(Float16Array);
for (const constructor of candidates as ViewConstructor[]) constructors.set(constructor.name, constructor);

/** Whether this engine has the view called `name`. */
export function isViewName(name: string): boolean {
  return constructors.has(name);
}

interface ViewReaders {
  readonly buffer: SlotReader;
  readonly byteOffset: SlotReader;
  readonly length: SlotReader;
  /** Throws for a view that lies outside its buffer. */
  readonly validate: SlotReader;
}

function readersOf(prototype: object, length: string, validate: string): ViewReaders {
  const [buffer, byteOffset, ...rest] = ['buffer', 'byteOffset', length, validate].map((key) =>
    slotReader(prototype, key),
  );
  return { buffer, byteOffset, length: rest[0], validate: rest[1] } as ViewReaders;
}

const typedArrayPrototype = Object.getPrototypeOf(Int8Array.prototype) as object;
const typedArray = readersOf(typedArrayPrototype, 'length', 'keys');
const dataView = readersOf(DataView.prototype, 'byteLength', 'byteLength');
/** Gives `undefined` for a DataView instead of throwing. */
const typedArrayName = slotReader(typedArrayPrototype, Symbol.toStringTag) as SlotReader;
const resize = slotReader(ArrayBuffer.prototype, 'resize');

/** How `view` lies on its buffer; `null` where a resizable buffer has shrunk so that it lies on nothing. */
export function readView(view: object): ViewFields | null {
  const name = (typedArrayName.call(view) as string | undefined) ?? 'DataView';
  const readers = name === 'DataView' ? dataView : typedArray;
  const buffer = readers.buffer.call(view) as ArrayBuffer;
  try {
    const byteOffset = readers.byteOffset.call(view) as number;
    const length = readers.length.call(view) as number;
    if (length === 0) readers.validate.call(view);
    const fields = { name, buffer, byteOffset, length };
    return isFollowing(view, fields, readers) ? { name, buffer, byteOffset, length: null } : fields;
  } catch {
    // A detached buffer is told by its own name.
    return isArrayBuffer(buffer) && isDetached(buffer) ? { name, buffer, byteOffset: 0, length: 0 } : null;
  }
}

/**
 * Whether the length of `view` follows that of its buffer. No property tells, so the buffer is resized for a moment
 * in which nothing else can run, and only where the view ends where the buffer does.
 */
function isFollowing(view: object, fields: ViewFields & { length: number }, readers: ViewReaders): boolean {
  const { buffer, byteOffset, length, name } = fields;
  const maxByteLength = resize === undefined || !isArrayBuffer(buffer) ? null : maxByteLengthOf(buffer);
  if (maxByteLength === null) return false;
  const size = constructors.get(name)?.BYTES_PER_ELEMENT ?? 1;
  const { byteLength } = buffer;
  if (Math.floor((byteLength - byteOffset) / size) !== length) return false;
  if (byteLength + size <= maxByteLength) return lengthAt(byteLength + size) !== length;
  if (length === 0) return false;
  const bytes = new Uint8Array(buffer.slice(0));
  const follows = lengthAt(byteOffset + length * size - 1) === length - 1;
  new Uint8Array(buffer).set(bytes);
  return follows;

  function lengthAt(newByteLength: number): number {
    resize?.call(buffer, newByteLength);
    try {
      readers.validate.call(view);
      return readers.length.call(view) as number;
    } catch {
      // A view of fixed length lies outside now.
      return -1;
    } finally {
      resize?.call(buffer, byteLength);
    }
  }
}

/**
 * A view on `buffer`.
 * @throws RangeError where it would lie outside.
 */
export function viewOn(buffer: ArrayBuffer, fields: ViewFields): ArrayBufferView {
  // Invariant: the name is that of a view we read, or was checked by `isViewName`.
  const constructor = constructors.get(fields.name) as ViewConstructor;
  const { byteOffset, length } = fields;
  return length === null ? new constructor(buffer, byteOffset) : new constructor(buffer, byteOffset, length);
}
