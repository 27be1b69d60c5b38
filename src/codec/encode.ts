/**
 * A value as JSON text and a list of ArrayBuffers; `tags.ts` has the form.
 *
 * The walk makes a copy that JSON can say and leaves the writing to `JSON.stringify`. The copy is what makes the text
 * a snapshot: each property of the user's value is read once, a `toJSON` is never called, and a value without
 * anything special costs one pass more than JSON.
 */
import { slots, type Kind, type SlotKind } from './kind.js';
import { copyOf } from './buffers.js';
import { IdentityMap } from './identity-map.js';
import { above, limitsOf, type Limits } from './limits.js';
import { byteLengthOf, maxByteLengthOf, readDOMException, readError, readRegExp } from './reading.js';
import { MARK, MARK_CODE, specialLetter } from './tags.js';
import { detach, requireAttached } from './transfer.js';
import { Traversal, blank, type Frame, type Store } from './traversal.js';
import { jsonOf } from './json.js';
import { Reading, quickTextOf } from './quick-text.js';
import type { RegisteredType } from './registered-types.js';

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

/** What became of an object, and where it stands, so that a second meeting can move it to the side table. */
class Place {
  constructor(
    /** Its copy or its tag; the number of its table for a row. */
    readonly node: unknown,
    /** `null` for a row, whose place needs no change. */
    readonly store: Store | null,
    readonly key: PropertyKey,
    /** What refers to its entry; empty while it has none. */
    public reference: string,
  ) {}
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
export function encode(value: unknown, options: EncodeOptions = noOptions): Encoded {
  kept ??= usedEncoder();
  if (options !== noOptions && (options.limits !== undefined || hasMoving(options)))
    return new Encoder(options, null).encode(value);
  // A getter of the value may encode another one.
  const reading = spare ?? new Reading();
  spare = null;
  try {
    const text = quickTextOf(value, reading);
    return text === '' ? new Encoder(options, reading).encode(value) : { text, buffers: [] };
  } finally {
    reading.clear();
    spare = reading;
  }
}

const noOptions: EncodeOptions = {};

/** The record of what was read, while nobody uses it. */
let spare: Reading | null = new Reading();

/** One of each kind of object that encoding makes lives for ever, so that their shapes do; see `core/task.ts`. */
let kept: Encoder | undefined;

function usedEncoder(): Encoder {
  const encoder = new Encoder(noOptions, null);
  // A table, with more rows than the list of an IdentityMap holds.
  encoder.encode(blank(20).map(() => ({ set: new Set([0]) })));
  return encoder;
}

function hasMoving({ ports, transfer }: EncodeOptions): boolean {
  return (ports !== undefined && ports.size > 0) || (transfer !== undefined && transfer.size > 0);
}

class Encoder extends Traversal {
  private readonly met = new IdentityMap<Place>();
  private readonly table: unknown[] = [null];
  private readonly buffers: ArrayBuffer[] = [];
  private readonly limits: Limits;
  private tagged = false;
  private readonly ports: ReadonlyMap<object, number> | undefined;
  protected override readonly bare = true;

  constructor(
    private readonly options: EncodeOptions,
    reading: Reading | null,
  ) {
    super(reading);
    this.ports = options.ports;
    this.limits = limitsOf(options.limits);
  }

  encode(value: unknown): Encoded {
    const { table, buffers } = this;
    this.walk(value, table as unknown as Store, 0);
    const root = table[0];
    const plain = !this.tagged && !(typeof root === 'object' && root !== null && MARK in root);
    const text = jsonOf(plain ? root : { [MARK]: table });
    if (text.length > this.limits.maxTextLength)
      this.fail(`takes ${above(text.length, this.limits, 'maxTextLength')}`);
    if (this.ports !== undefined) requireAttached(this.ports.keys());
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
    if (typeof value === 'bigint') return this.tag(`g${this.digitsOf(value)}`);
    return value === undefined ? this.tag('u') : value;
  }

  private tag(text: string): string {
    this.tagged = true;
    return MARK + text;
  }

  protected override again(object: object): unknown {
    const place = this.met.get(object);
    if (place !== undefined) return this.reference(place);
    if (this.ports === undefined) return undefined;
    const port = this.ports.get(object);
    return port === undefined ? undefined : this.tag(`p${port}`);
  }

  private remember(object: object, node: unknown, store: Store | null, key: PropertyKey, text = ''): Place {
    const place = new Place(node, store, key, text);
    this.met.add(object, place);
    this.claim(this.met.size, 'maxNodes');
    return place;
  }

  /** The reference to what became of an object, which gets an entry for it if it has none. */
  private reference(place: Place): string {
    this.tagged = true;
    const { node, store, key } = place;
    if (place.reference !== '') return place.reference;
    if (store === null) return (place.reference = `${MARK}${node as number}.${String(key)}`);
    place.reference = this.addEntry(typeof node === 'string' ? node : entryFor(node));
    return (store[key as string] = place.reference);
  }

  private addEntry(entry: unknown): string {
    const index = this.table.push(entry) - 1;
    this.claim(index, 'maxEntries');
    return this.tag(String(index));
  }

  protected override leaf(kind: Kind, object: object, store: Store, key: PropertyKey): unknown {
    if (kind === 'DOMException') {
      return this.hoist(object, ['X', ...readDOMException(object)]);
    }
    const text = this.tag(this.leafText(kind, object));
    this.remember(object, text, store, key);
    return text;
  }

  private leafText(kind: Kind, object: object): string {
    switch (kind) {
      case 'RegExp': {
        const { flags, source } = readRegExp(object);
        this.claim(flags.length + 1 + source.length, 'maxRegExpLength');
        return `r${flags}/${source}`;
      }
      case 'ArrayBuffer':
        return this.bufferText(object as ArrayBuffer);
      case 'View':
        return this.viewText(object);
      default:
        return this.boxText(slots[kind as SlotKind].call(object), kind === 'Date');
    }
  }

  /** What a Date or a boxed primitive is, by the primitive in it. */
  private boxText(value: unknown, isDate: boolean): string {
    switch (typeof value) {
      case 'boolean':
        return value ? 'T' : 'F';
      case 'number':
        if (isDate) return value === value ? `d${value}` : 'd';
        return `N${specialLetter(value) || value}`;
      case 'bigint':
        return `G${this.digitsOf(value)}`;
      default:
        return `S${value as string}`;
    }
  }

  private digitsOf(value: bigint): string {
    const digits = value.toString(16);
    this.claim(digits.length, 'maxBigIntDigits');
    return digits;
  }

  /** What the other end would refuse is refused here, where it can be said of which part of the value. */
  private claim(claimed: number, name: keyof Limits): void {
    if (claimed > this.limits[name]) this.fail(`takes ${above(claimed, this.limits, name)}`);
  }

  private bufferText(buffer: ArrayBuffer): string {
    this.requireBuffer(buffer);
    const max = maxByteLengthOf(buffer);
    this.claim(max ?? byteLengthOf(buffer), 'maxByteLength');
    const moves = this.options.transfer?.has(buffer) === true;
    const index = this.buffers.push(moves ? buffer : copyOf(buffer)) - 1;
    return max === null ? `b${index}` : `b${index},${max}`;
  }

  private viewText(view: object): string {
    const { name, buffer, byteOffset, length } = this.viewFields(view);
    const met = this.met.get(buffer);
    const reference =
      met === undefined ? this.hoist(buffer, this.tag(this.bufferText(buffer))) : this.reference(met);
    const place = `v${name},${reference.slice(1)},${byteOffset}`;
    return length === null ? place : `${place},${length}`;
  }

  protected override open(frame: Frame, store: Store, key: PropertyKey): unknown {
    const { kind, source } = frame;
    if (kind === 'Map') return this.openEntry(frame, ['M']);
    if (kind === 'Set') return this.openEntry(frame, ['S']);
    if (kind === 'Error') return this.openEntry(frame, ['E', ...readError(source)]);
    if (kind === 'Typed') return this.openEntry(frame, ['R', (frame.type as RegisteredType).name]);
    if (kind === 'Table') return this.openTable(frame);
    if (kind === 'Array' && frame.keys !== null) {
      this.claim((source as unknown[]).length, 'maxArrayLength');
      frame.store = new EmptyCopy();
      frame.depth = 2;
      return this.hoist(source, ['a', (source as unknown[]).length, frame.store]);
    }
    const node = kind === 'Array' ? blank(frame.count) : new EmptyCopy();
    frame.store = node as Store;
    if (frame.depth > this.limits.maxDepth) {
      frame.depth = 2;
      return this.hoist(source, entryFor(node));
    }
    // The value itself is entry 0.
    this.remember(source, node, store, key, this.level < 0 ? `${MARK}0` : '');
    return node;
  }

  private openEntry(frame: Frame, head: unknown[]): string {
    const entry = head.concat(blank(frame.count));
    frame.store = entry as unknown as Store;
    frame.offset = head.length;
    frame.depth = 2;
    return this.hoist(frame.source, entry);
  }

  private openTable(frame: Frame): string {
    const keys = frame.keys as readonly string[];
    // Of the right length, made without asking the prototypes; each cell is overwritten.
    const columns = keys.map(() => (frame.from as unknown as unknown[]).slice());
    frame.store = columns as unknown as Store;
    frame.offset = this.table.length;
    frame.depth = 2;
    return this.hoist(frame.source, ['T', keys, ...columns]);
  }

  protected override row({ store, offset, keys }: Frame, row: object, at: number): boolean {
    const known = this.again(row);
    if (known === undefined) {
      this.remember(row, offset, null, at);
      return false;
    }
    // The first cell says which object it is, and there are no others.
    (keys as readonly string[]).forEach((_, column) => {
      const cells = store[column] as Store;
      if (column > 0) this.hole(cells, at);
      else cells[at] = `${MARK}@${(known as string).slice(1)}`;
    });
    return true;
  }

  /** Gives `object` an entry of its own. */
  private hoist(object: object, entry: unknown): string {
    const reference = this.addEntry(entry);
    this.remember(object, entry, null, 0, reference);
    return reference;
  }

  protected override hole(store: Store, index: number): void {
    store[index] = this.tag('h');
  }

  protected override close(): void {
    // The entries are complete as they are.
  }
}

/** What is written in the side table for a copy: an array there is an entry with a kind. */
function entryFor(node: unknown): unknown {
  return Array.isArray(node) ? ['A', node] : node;
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
