/**
 * `structuredClone`: the same walk as `encode`'s, but into memory.
 *
 * What is transferred moves only when the whole value has been read, so that a value that cannot be cloned leaves
 * everything where it was. Until then the old object stands in the places of the new one, and Maps and Sets, which
 * cannot be patched, are filled at the very end.
 */
import { required } from '../core/webidl.js';
import { copyOf } from './buffers.js';
import { buildDOMException, buildError, setCause, sparseArray } from './building.js';
import { IdentityMap } from './identity-map.js';
import { slots, type Kind, type SlotKind } from './kind.js';
import { maxByteLengthOf, readDOMException, readError, readRegExp } from './reading.js';
import { instanceFrom, type RegisteredType } from './registered-types.js';
import {
  detach,
  isTransferable,
  requireAttached,
  transferListOf,
  transferSteps,
  validateTransfer,
} from './transfer.js';
import { viewOn, type ViewFields } from './view.js';
import { blank, put, Traversal, type Frame, type FrameKind, type Store } from './traversal.js';

/** What {@link structuredClone} may be told. */
export interface StructuredSerializeOptions {
  /** Objects that move instead of being copied: `ArrayBuffer` and `MessagePort`. @defaultValue none */
  readonly transfer?: Iterable<object>;
}

/** What {@link clone} may be told. */
export interface CloneOptions {
  /** Buffers that move. */
  readonly transfer?: ReadonlySet<ArrayBuffer>;
  /** Objects that have a successor already, which stands in their place in the clone. */
  readonly replace?: ReadonlyMap<object, object>;
  /** Where the value is nobody else's: its buffers stand in the clone themselves, and are added here. */
  readonly take?: Set<ArrayBuffer>;
}

/** A Map, Set, Error or instance of a registered type whose children wait until everything has moved. */
interface Full {
  readonly kind: FrameKind;
  readonly type: RegisteredType | null;
  readonly result: unknown;
  readonly children: readonly unknown[];
}

/** A place in the clone where an object stands that will move. */
interface Place {
  readonly store: Store;
  readonly key: PropertyKey;
  readonly object: object;
}

/**
 * A copy of `value` for which all checks of arguments were done.
 * @throws DOMException `DataCloneError` that says where in `value` the part is that cannot be cloned.
 */
export function clone(value: unknown, options: CloneOptions = {}): unknown {
  kept ??= usedCloner();
  return new Cloner(options.transfer, options.replace, options.take).clone(value);
}

/** As the encoder's: shapes outlive a garbage collection with one object of each. */
let kept: Cloner | undefined;

function usedCloner(): Cloner {
  const cloner = new Cloner();
  cloner.clone([{ set: new Set([0]) }]);
  return cloner;
}

class Cloner extends Traversal {
  protected override readonly bare = false;
  private readonly met = new IdentityMap<unknown>();
  /** Objects that move, and the views on them, as they lay before. */
  private moving: Map<object, ViewFields | null> | null = null;
  private readonly places: Place[] = [];
  private readonly full: Full[] = [];
  /** The places of each instance of a registered type, which is made when all that it is made of is there. */
  private typed: Map<object, Place[]> | null = null;

  constructor(
    private readonly transfer: Iterable<object> = [],
    private readonly replace?: ReadonlyMap<object, object>,
    private readonly take?: Set<ArrayBuffer>,
  ) {
    super();
    if (replace !== undefined) replace.forEach((successor, object) => this.met.add(object, successor));
    for (const object of transfer) (this.moving ??= new Map()).set(object, null);
  }

  clone(value: unknown): unknown {
    const holder = blank(1);
    this.walk(value, holder as unknown as Store, 0);
    if (this.replace !== undefined) requireAttached(this.replace.keys());
    if (this.moving !== null) this.move(this.moving);
    for (const full of this.full) {
      if (full.kind === 'Typed') this.make(full);
      else fill(full);
    }
    return holder[0];
  }

  private move(moving: ReadonlyMap<object, ViewFields | null>): void {
    const moved = new Map<object, object>();
    requireAttached(this.transfer);
    for (const object of this.transfer) moved.set(object, moveOf(object));
    moving.forEach((fields, view) => {
      if (fields !== null) moved.set(view, viewOn(moved.get(fields.buffer) as ArrayBuffer, fields));
    });
    for (const { store, key, object } of this.places) put(store, key, moved.get(object));
  }

  private make({ type, result, children }: Full): void {
    const made = instanceFrom(type as RegisteredType, children[0]);
    for (const { store, key } of this.typed?.get(result as object) as Place[]) put(store, key, made);
  }

  protected override atom(value: unknown): unknown {
    return value;
  }

  protected override hole(store: Store, index: number): void {
    delete store[index];
  }

  protected override again(object: object, store: Store, key: PropertyKey): unknown {
    const places = this.moving?.has(object) === true ? this.places : this.typed?.get(object);
    if (places === undefined) return this.met.get(object);
    places.push({ store, key, object });
    return object;
  }

  protected override leaf(kind: Kind, object: object, store: Store, key: PropertyKey): unknown {
    const copy = kind === 'View' ? this.view(object, store, key) : this.copyOf(kind, object);
    this.met.add(object, copy);
    return copy;
  }

  private copyOf(kind: Kind, object: object): unknown {
    switch (kind) {
      case 'Date':
        return new Date(slots.Date.call(object) as number);
      case 'RegExp': {
        const { source, flags } = readRegExp(object);
        return new RegExp(source, flags);
      }
      case 'DOMException':
        return buildDOMException(readDOMException(object));
      case 'ArrayBuffer':
        return this.buffer(object as ArrayBuffer);
      default:
        return Object(slots[kind as SlotKind].call(object));
    }
  }

  private buffer(buffer: ArrayBuffer): ArrayBuffer {
    this.requireBuffer(buffer);
    if (this.take === undefined) return copyOf(buffer, maxByteLengthOf(buffer));
    this.take.add(buffer);
    return buffer;
  }

  private view(view: object, store: Store, key: PropertyKey): unknown {
    const fields = this.viewFields(view);
    const { buffer } = fields;
    if (this.moving?.has(buffer) === true) {
      this.moving.set(view, fields);
      return this.again(view, store, key);
    }
    let copy = this.met.get(buffer) as ArrayBuffer | undefined;
    if (copy === undefined) {
      copy = this.buffer(buffer);
      this.met.add(buffer, copy);
    }
    return viewOn(copy, fields);
  }

  protected override open(frame: Frame, store: Store, key: PropertyKey): unknown {
    const { kind, source } = frame;
    if (kind === 'Typed') {
      frame.store = blank(1) as unknown as Store;
      (this.typed ??= new Map()).set(source, [{ store, key, object: source }]);
      return source;
    }
    const result = resultFor(frame);
    frame.store = (kind === 'Object' || kind === 'Array' ? result : blank(frame.count)) as Store;
    this.met.add(source, result);
    return result;
  }

  protected override close({ kind, type, source, count, store }: Frame): void {
    if (kind === 'Object' || kind === 'Array' || count === 0) return;
    const result = kind === 'Typed' ? source : this.met.get(source);
    this.full.push({ kind, type, result, children: store as unknown as unknown[] });
  }

  protected override row(): boolean {
    return false;
  }
}

/** The empty clone of a container. */
function resultFor(frame: Frame): object {
  const { kind, source } = frame;
  switch (kind) {
    case 'Array':
      return sparseArray((source as unknown[]).length);
    case 'Map':
      return new Map();
    case 'Set':
      return new Set();
    case 'Error':
      return buildError(readError(source));
    default:
      return {};
  }
}

/** Puts the children of a Map, Set or Error where they belong. */
function fill({ kind, result, children }: Full): void {
  if (kind === 'Error') setCause(result as Error, children[0]);
  else if (kind === 'Set') for (const child of children) (result as Set<unknown>).add(child);
  else {
    for (let index = 0; index < children.length; index += 2) {
      (result as Map<unknown, unknown>).set(children[index], children[index + 1]);
    }
  }
}

function moveOf(object: object): object {
  if (isTransferable(object)) return (object[transferSteps] as () => object)();
  return detach(object as ArrayBuffer) ?? copyOf(object as ArrayBuffer);
}

/**
 * A deep copy of `value` by the structured clone algorithm: Maps, Sets, Dates, regular expressions, errors, boxed
 * primitives, buffers and views, cycles and shared references. Class instances become plain objects.
 *
 * @param options - `transfer`: what moves into the copy and is detached here; see `provideDetach` for engines that
 *   cannot detach a buffer, where it stays readable.
 * @throws TypeError without an argument, or when `options` is no dictionary with a sequence of objects.
 * @throws DOMException `DataCloneError` whose message says where in `value` the part is that cannot be cloned
 *   (`value.rows[3].onTap is a function, which cannot be cloned`), or which item of `transfer` cannot be transferred. Nothing
 *   is detached then.
 * @example
 * ```js
 * const copy = structuredClone({ when: new Date(0), tags: new Set(['a']) });
 * const moved = structuredClone(buffer, { transfer: [buffer] });
 * ```
 * @see https://html.spec.whatwg.org/multipage/structured-data.html#dom-structuredclone
 */
export function structuredClone<T>(value: T, options?: StructuredSerializeOptions): T;
export function structuredClone(...given: unknown[]): unknown {
  required(given.length, 1);
  const list = given.length > 1 ? transferListOf(given[1]) : [];
  validateTransfer(list);
  return new Cloner(list).clone(given[0]);
}
Object.defineProperty(structuredClone, 'name', { value: 'structuredClone', configurable: true });
Object.defineProperty(structuredClone, 'length', { value: 1, configurable: true });
