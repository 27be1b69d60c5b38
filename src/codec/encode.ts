/**
 * A value as JSON text and a list of ArrayBuffers; `tags.ts` has the form.
 *
 * The walk makes a copy that JSON can say and leaves the writing to `JSON.stringify`. The copy is what makes the text
 * a snapshot: each property of the user's value is read once, a `toJSON` is never called, and a value without
 * anything special costs one pass more than JSON.
 */
import type { Kind } from './kind.js';
import { slots } from './kind.js';
import { copyOf } from './buffers.js';
import { limitsOf, type Limits } from './limits.js';
import { maxByteLengthOf, readDOMException, readError, readRegExp } from './reading.js';
import { MARK, MARK_CODE, specialLetter } from './tags.js';
import { detach, requireAttached } from './transfer.js';
import { Traversal, put, type Frame, type Store } from './traversal.js';
import { jsonOf } from './json.js';

/** A message ready for any pipe. */
export interface Encoded {
  /** A JSON text, which may stand as an element of an array's text. */
  readonly text: string;
  /** The bytes that the text refers to by index. */
  readonly buffers: ArrayBuffer[];
}

/** What {@link encode} may be told. */
export interface EncodeOptions {
  /** Platform objects that are being transferred, each with the number by which the other end will know it. */
  readonly ports?: ReadonlyMap<object, number>;
  /**
   * Buffers that are being transferred: when the whole value has been read they are detached, as far as the engine
   * can, and their bytes are in `buffers`. All others are copied.
   */
  readonly transfer?: ReadonlySet<ArrayBuffer>;
  /** Where the limits differ from the defaults. */
  readonly limits?: Partial<Limits>;
}

/** What an object that was met has become. */
interface Slot {
  /** What stands for it in the copy. */
  node: unknown;
  /** Where that is, so that a second meeting can move it to the side table. */
  readonly store: Store;
  readonly key: PropertyKey;
  /** Its entry in the side table; 0 if it has none. */
  entry: number;
}

/** Objects of a copy inherit nothing: no setter, no `toJSON`, and `__proto__` is a key as any other. */
function Copy(this: unknown): void {}
Copy.prototype = Object.create(null) as object;
const EmptyCopy = Copy as unknown as new () => Store;

/**
 * Encodes `value` as the structured clone algorithm would serialize it.
 * @throws DOMException `DataCloneError` whose message says where in `value` the part is that cannot be cloned; and
 *   whatever a getter of `value` throws.
 */
export function encode(value: unknown, options: EncodeOptions = {}): Encoded {
  return new Encoder(options).encode(value);
}

class Encoder extends Traversal {
  private readonly met = new Map<object, Slot>();
  private readonly table: unknown[] = [null];
  private readonly buffers: ArrayBuffer[] = [];
  private readonly maxDepth: number;
  private tagged = false;

  constructor(private readonly options: EncodeOptions) {
    super();
    this.maxDepth = limitsOf(options.limits).maxDepth;
  }

  encode(value: unknown): Encoded {
    const { table, buffers } = this;
    this.walk(value, table as unknown as Store, 0);
    const root = table[0];
    const plain = !this.tagged && !(typeof root === 'object' && root !== null && MARK in root);
    const text = jsonOf(plain ? root : { [MARK]: table });
    const { transfer } = this.options;
    if (transfer !== undefined && transfer.size > 0) move(transfer, buffers);
    return { text, buffers };
  }

  protected override atom(value: unknown): unknown {
    if (typeof value === 'string') {
      return value.charCodeAt(0) === MARK_CODE ? this.tag(value) : value;
    }
    if (typeof value === 'number') {
      const letter = specialLetter(value);
      return letter === '' ? value : this.tag(letter);
    }
    if (typeof value === 'bigint') return this.tag(`g${value.toString(16)}`);
    return value === undefined ? this.tag('u') : value;
  }

  private tag(text: string): string {
    this.tagged = true;
    return MARK + text;
  }

  protected override again(object: object): unknown {
    const slot = this.met.get(object);
    if (slot !== undefined) return this.tag(String(this.entryOf(slot)));
    const port = this.options.ports?.get(object);
    return port === undefined ? undefined : this.tag(`p${port}`);
  }

  /** Moves what stands for an object to the side table, once. */
  private entryOf(slot: Slot): number {
    if (slot.entry === 0 && slot.store !== (this.table as unknown)) {
      slot.entry = this.table.push(entryFor(slot.node)) - 1;
      slot.store[slot.key] = this.tag(String(slot.entry));
    }
    return slot.entry;
  }

  protected override leaf(kind: Kind, object: object, store: Store, key: PropertyKey): unknown {
    if (kind === 'DOMException') {
      const { name, message, stack } = readDOMException(object);
      return this.hoist(object, ['X', name, message, stack]);
    }
    const node = this.tag(this.leafText(kind, object));
    this.met.set(object, { node, store, key, entry: 0 });
    return node;
  }

  private leafText(kind: Kind, object: object): string {
    switch (kind) {
      case 'date':
        return `d${numberText(slots.date.call(object) as number)}`;
      case 'regexp': {
        const { flags, source } = readRegExp(object);
        return `r${flags}/${source}`;
      }
      case 'boolean':
        return slots.boolean.call(object) === true ? 'T' : 'F';
      case 'number': {
        const number = slots.number.call(object) as number;
        return `N${specialLetter(number) || number}`;
      }
      case 'string':
        return `S${slots.string.call(object) as string}`;
      case 'bigint':
        return `G${((slots.bigint as typeof slots.date).call(object) as bigint).toString(16)}`;
      case 'buffer':
        return this.bufferText(object as ArrayBuffer);
      case 'view':
        return this.viewText(object);
      default:
        return this.refuse('a SharedArrayBuffer');
    }
  }

  private bufferText(buffer: ArrayBuffer): string {
    this.requireBuffer(buffer);
    const max = maxByteLengthOf(buffer);
    const moves = this.options.transfer?.has(buffer) === true;
    const index = this.buffers.push(moves ? buffer : copyOf(buffer)) - 1;
    return max === null ? `b${index}` : `b${index},${max}`;
  }

  private viewText(view: object): string {
    const { name, buffer, byteOffset, length } = this.viewFields(view);
    let slot = this.met.get(buffer);
    if (slot === undefined) {
      // The view stands where its buffer would: the buffer has an entry from the start.
      slot = { node: this.tag(this.bufferText(buffer)), store: {}, key: 'buffer', entry: 0 };
      this.met.set(buffer, slot);
    }
    const place = `v${name},${this.entryOf(slot)},${byteOffset}`;
    return length === null ? place : `${place},${length}`;
  }

  protected override open(frame: Frame, store: Store, key: PropertyKey): unknown {
    const { kind, source } = frame;
    if (kind === 'map') return this.openEntry(frame, ['M'], 1);
    if (kind === 'set') return this.openEntry(frame, ['S'], 1);
    if (kind === 'error') {
      const { name, message, stack } = readError(source);
      return this.openEntry(frame, ['E', name, message, stack], 4);
    }
    if (kind === 'array' && frame.keys !== null) {
      frame.store = new EmptyCopy();
      frame.depth = 3;
      return this.hoist(source, ['a', (source as unknown[]).length, frame.store]);
    }
    const node = kind === 'array' ? [] : new EmptyCopy();
    frame.store = node as Store;
    if (frame.depth <= this.maxDepth) {
      this.met.set(source, { node, store, key, entry: 0 });
      return node;
    }
    frame.depth = 2;
    return this.hoist(source, entryFor(node));
  }

  private openEntry(frame: Frame, entry: unknown[], offset: number): string {
    frame.store = entry as unknown as Store;
    frame.offset = offset;
    frame.depth = 2;
    return this.hoist(frame.source, entry);
  }

  private hoist(object: object, entry: unknown): string {
    const index = this.table.push(entry) - 1;
    this.met.set(object, { node: entry, store: {}, key: '', entry: index });
    return this.tag(String(index));
  }

  protected override hole(store: Store, index: number): void {
    put(store, index, this.tag('h'));
  }

  protected override close(): void {
    // The entries are complete as they are.
  }
}

/** What is written in the side table for `node`: an array there would be taken for an entry with a kind. */
function entryFor(node: unknown): unknown {
  return Array.isArray(node) ? ['A', node] : node;
}

function numberText(value: number): string {
  return value === value ? String(value) : '';
}

/** Detaches what is transferred, now that nothing can go wrong any more. */
function move(transfer: ReadonlySet<ArrayBuffer>, buffers: ArrayBuffer[]): void {
  requireAttached(transfer);
  transfer.forEach((buffer) => {
    const index = buffers.indexOf(buffer);
    const moved = detach(buffer) ?? copyOf(buffer);
    if (index >= 0) buffers[index] = moved;
  });
}
