/**
 * The one walk over a value that `encode` and `structuredClone` share: StructuredSerialize's order of reads,
 * its refusals and its identity of objects.
 *
 * Invariants
 * - Every property is read once, in the order of its keys, depth first, as the standard says; no user code runs twice.
 * - The walk keeps its own stack, so that a value of any depth needs no more of the engine's stack than a flat one.
 * - An object is opened once; what it becomes is known before its children are visited, so that cycles close.
 * - What an attempt at something faster has read already is taken from its record and not read again.
 *
 * @see https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializeinternal
 */
import { DOMException } from '../core/dom-exception.js';
import { isArrayBuffer, isDetached } from './buffers.js';
import { builtinTagOf, isDense, isLiteral, kindOf, type Kind } from './kind.js';
import { keyPicture, pathOf, propertyStep } from './path-of.js';
import type { Reading } from './quick-text.js';
import {
  hasRegisteredTypes,
  maxInstanceDepth,
  registeredTypeOf,
  type RegisteredType,
} from './registered-types.js';
import { tableOf } from './table.js';
import { readView, type ViewFields } from './view.js';

/** Something that children are put into, by key or by index. */
export type Store = Record<PropertyKey, unknown>;

/** `Table`: an array of rows, whose children are their cells; `Typed`: an instance of a registered type. */
export type FrameKind = Kind | 'Table' | 'Typed';

/** A container whose children are being visited. One level of the walk has one record, used again and again. */
export interface Frame {
  kind: FrameKind;
  /** The object in the value that is walked. */
  source: object;
  /** Where its children are read from: the object itself, or a copy of its entries. */
  from: Store;
  /** The keys to be read, of each row for a table; `null` where children have indices. */
  keys: readonly string[] | null;
  count: number;
  /** Where its children go; places by index are there already, so that assigning to them calls no inherited setter. */
  store: Store;
  /** Added to a child's index to give its place in `store`. */
  offset: number;
  /** Levels below the root of the JSON value it belongs to. */
  depth: number;
  /** The next child to be visited. */
  at: number;
  /** The type of an instance. */
  type: RegisteredType | null;
}

const { keys: keysOf, defineProperty, getPrototypeOf } = Object;
const objectPrototype: object = Object.prototype;
const hasOwn = Object.prototype.hasOwnProperty;
const forEachEntry = Map.prototype.forEach;
const forEachMember = Set.prototype.forEach;

/** `store[key] = value` as an own property, whatever stands on the prototypes. */
export function put(store: Store, key: PropertyKey, value: unknown): void {
  if (key in store)
    defineProperty(store, key, { value, writable: true, enumerable: true, configurable: true });
  else store[key] = value;
}

/** How far {@link blank} remembers. */
const maxBlanks = 1024;
let blanks: unknown[] = [0, 0, 0, 0, 0, 0, 0, 0];

/** An array of `length` zeros, made without asking the prototypes. */
export function blank(length: number): unknown[] {
  let source = blanks;
  while (source.length < length) source = source.concat(source);
  if (source.length <= maxBlanks) blanks = source;
  return source.slice(0, length);
}

/** The walk; what becomes of each value is the subclass's matter. */
export abstract class Traversal {
  private readonly stack: Frame[] = [];
  /** The index of the top of the stack; -1 while the walked value itself is visited. */
  protected level = -1;
  private readAt = 0;
  private keysAt = 0;
  /** The instances of registered types that are being walked, and the level of the first of them. */
  private readonly instances: object[] = [];
  private firstInstance = 0;

  /** @param reading - what was read of the value already, by an attempt that gave up */
  constructor(private readonly reading: Reading | null = null) {}

  /**
   * Whether what is made is a copy for JSON: its objects inherit nothing, so that any key may be assigned (looking first
   * costs 30 ns), and arrays of rows become tables.
   */
  protected abstract readonly bare: boolean;
  /** What a primitive becomes; symbols and `null` do not come here. */
  protected abstract atom(value: unknown): unknown;
  /** What `object` became when it was opened before, or `undefined`. `store[key]` is where it is met again. */
  protected abstract again(object: object, store: Store, key: PropertyKey): unknown;
  /** Nothing is left at `store[index]`, because a getter deleted it. */
  protected abstract hole(store: Store, index: number): void;
  /** What an object without children becomes. */
  protected abstract leaf(kind: Kind, object: object, store: Store, key: PropertyKey): unknown;
  /** What a container becomes; sets `frame.store`. */
  protected abstract open(frame: Frame, store: Store, key: PropertyKey): unknown;
  /** All children of `frame` are in its store. */
  protected abstract close(frame: Frame): void;
  /** The turn of a row of a table; whether it was met before, so that there are no cells to visit. */
  protected abstract row(frame: Frame, row: object, at: number): boolean;

  /** Walks `value` and puts what it becomes into `store[key]`. */
  protected walk(value: unknown, store: Store, key: PropertyKey): void {
    store[key] = this.visit(value, store, key);
    while (this.level >= 0) {
      const { level } = this;
      const frame = this.stack[level] as Frame;
      if (frame.keys === null) this.visitIndices(frame);
      else if (frame.kind === 'Table') this.visitCells(frame, frame.keys);
      else this.visitKeys(frame, frame.keys);
      if (this.level === level) {
        if (frame.kind === 'Typed') this.instances.pop();
        this.close(frame);
        this.level--;
      }
    }
  }

  private read(from: Store, key: PropertyKey): unknown {
    const { reading } = this;
    return reading !== null && this.readAt < reading.valueCount
      ? reading.values[this.readAt++]
      : from[key as string];
  }

  private keysOf(object: object): readonly string[] {
    const { reading } = this;
    return (
      (reading !== null && this.keysAt < reading.keyCount && reading.keys[this.keysAt++]) || keysOf(object)
    );
  }

  private visitIndices(frame: Frame): void {
    const { from, store, offset, count } = frame;
    const { level } = this;
    while (frame.at < count) {
      const index = frame.at++;
      const value = this.read(from, index);
      // A getter may have deleted what followed it.
      if (value === undefined && !hasOwn.call(from, index)) this.hole(store, offset + index);
      else store[offset + index] = this.visit(value, store, offset + index);
      if (this.level !== level) return;
    }
  }

  private visitKeys(frame: Frame, keys: readonly string[]): void {
    const { from, store, count } = frame;
    const { level, bare } = this;
    const isSuspect = getPrototypeOf(frame.source) !== objectPrototype;
    while (frame.at < count) {
      const key = keys[frame.at++] as string;
      const value = this.read(from, key);
      if ((isSuspect || isSuspicious(value, key)) && !hasOwn.call(from, key)) continue;
      const made = this.visit(value, store, key);
      if (bare) store[key] = made;
      else put(store, key, made);
      if (this.level !== level) return;
    }
  }

  /** Cells are visited row by row, as the standard orders it, and stored in columns. */
  private visitCells(frame: Frame, keys: readonly string[]): void {
    const { from, store, count } = frame;
    const { level } = this;
    while (frame.at < count) {
      const index = frame.at++;
      const column = index % keys.length;
      const at = (index - column) / keys.length;
      const row = from[at] as Store;
      if (column === 0 && this.row(frame, row, at)) {
        frame.at += keys.length - 1;
        continue;
      }
      const key = keys[column] as string;
      const cells = store[column] as Store;
      const value = row[key];
      if (isSuspicious(value, key) && !hasOwn.call(row, key)) this.hole(cells, at);
      else cells[at] = this.visit(value, cells, at);
      if (this.level !== level) return;
    }
  }

  private visit(value: unknown, store: Store, key: PropertyKey): unknown {
    if (typeof value !== 'object') {
      if (typeof value === 'function' || typeof value === 'symbol') return this.refuse(`a ${typeof value}`);
      return this.atom(value);
    }
    if (value === null) return null;
    const known = this.again(value, store, key);
    if (known === undefined) return this.enter(value, store, key);
    if (this.instances.length > 0 && this.instances.indexOf(value) >= 0)
      return this.refuse('inside itself: an instance of a registered type');
    return known;
  }

  private enter(object: object, store: Store, key: PropertyKey): unknown {
    const kind = this.kindOf(object);
    const children = object as Store;
    switch (kind) {
      case 'Object':
        return (
          this.enterInstance(object, store, key) ??
          this.push(kind, object, children, this.keysOf(object), store, key)
        );
      case 'Array':
        return this.enterArray(object as unknown[], store, key);
      case 'View':
      case 'ArrayBuffer':
        return this.leaf(kind, object, store, key);
      case 'SharedArrayBuffer':
        return this.refuse(pictureOf(object));
      default:
        return this.enterInstance(object, store, key) ?? this.enterSpecial(kind, object, store, key);
    }
  }

  private enterSpecial(kind: Kind, object: object, store: Store, key: PropertyKey): unknown {
    switch (kind) {
      case 'Map':
      case 'Set':
        return this.push(kind, object, entriesOf(kind, object), null, store, key);
      case 'Error':
        return this.push(kind, object, causeOf(object), null, store, key);
      case 'Symbol':
      case 'Refused':
        return this.refuse(pictureOf(object));
      default:
        return this.leaf(kind, object, store, key);
    }
  }

  private enterArray(array: unknown[], store: Store, key: PropertyKey): unknown {
    const own = this.keysOf(array);
    const keys = isDense(array, own) ? null : own;
    const { reading } = this;
    const canBeTable = keys === null && this.bare && (reading === null || this.readAt >= reading.valueCount);
    const table = canBeTable ? tableOf(array) : null;
    if (table === null) return this.push('Array', array, array as unknown as Store, keys, store, key);
    return this.push('Table', array, table.rows as unknown as Store, table.keys, store, key);
  }

  /** Begins with an instance of a registered type; `undefined` for what is none. */
  private enterInstance(object: object, store: Store, key: PropertyKey): unknown {
    const type = hasRegisteredTypes() && !isLiteral(object) ? registeredTypeOf(object) : undefined;
    if (type === undefined) return undefined;
    const { instances, level } = this;
    if (instances.length === 0) this.firstInstance = level;
    const children: unknown = [type.serialize(object)];
    const result = this.push('Typed', object, children as Store, null, store, key, type);
    instances.push(object);
    return result;
  }

  private kindOf(object: object): Kind {
    try {
      return kindOf(object);
    } catch {
      return this.refuse('a proxy that cannot be read');
    }
  }

  private push(
    kind: FrameKind,
    source: object,
    from: Store,
    keys: readonly string[] | null,
    store: Store,
    key: PropertyKey,
    type: RegisteredType | null = null,
  ): unknown {
    const { level, stack } = this;
    let count = keys === null ? (from as unknown as unknown[]).length : keys.length;
    if (kind === 'Table') count *= (from as unknown as unknown[]).length;
    // What is made of an instance must be complete before the instance is, so the receiver calls itself for it.
    if (this.instances.length > 0 && level - this.firstInstance > maxInstanceDepth)
      this.refuse(`${maxInstanceDepth} levels inside an instance of a registered type`);
    const depth = level < 0 ? 1 : (stack[level] as Frame).depth + 1;
    // A look beyond the end of an array would find what others put on its prototype.
    if (level + 1 === stack.length) {
      stack.push({ kind, source, from, keys, count, store, offset: 0, depth, at: 0, type });
    }
    const frame = stack[level + 1] as Frame;
    frame.kind = kind;
    frame.source = source;
    frame.from = from;
    frame.keys = keys;
    frame.count = count;
    frame.offset = 0;
    frame.depth = depth;
    frame.at = 0;
    frame.type = type;
    const result = this.open(frame, store, key);
    this.level = level + 1;
    return result;
  }

  /** Lets only a buffer pass that can be read. */
  protected requireBuffer(buffer: object): void {
    if (!isArrayBuffer(buffer)) this.refuse(pictureOf(buffer));
    else if (isDetached(buffer)) this.refuse('a detached ArrayBuffer');
  }

  protected viewFields(view: object): ViewFields {
    const fields = readView(view);
    if (fields === null) return this.refuse('a view outside its buffer');
    this.requireBuffer(fields.buffer);
    return fields;
  }

  /** Throws the error of the standard, which says where in the value the trouble is. */
  protected refuse(what: string): never {
    return this.fail(`is ${what}, which cannot be cloned`);
  }

  protected fail(why: string): never {
    const steps = this.stack.slice(0, this.level + 1).map(stepOf);
    throw new DOMException(`${pathOf(steps)} ${why}`, 'DataCloneError');
  }
}

/**
 * Whether `value` may not be the object's own: what is inherited comes to light when a getter deletes the own property,
 * and a literal inherits only methods.
 */
function isSuspicious(value: unknown, key: string): boolean {
  return value === undefined || typeof value === 'function' || key === '__proto__';
}

/** The entries as they are now: a getter further down must not change what is sent. */
function entriesOf(kind: 'Map' | 'Set', object: object): Store {
  const entries: unknown[] = [];
  if (kind === 'Map') {
    forEachEntry.call(object as Map<unknown, unknown>, (value, key) => void entries.push(key, value));
  } else {
    forEachMember.call(object as Set<unknown>, (value) => void entries.push(value));
  }
  return entries as unknown as Store;
}

/** An Error's one child, as a list of one or none. */
function causeOf(object: object): Store {
  const cause = Object.getOwnPropertyDescriptor(object, 'cause');
  return (cause !== undefined && 'value' in cause ? [cause.value] : []) as unknown as Store;
}

/** The step from `frame` to the child that is being visited. */
function stepOf(frame: Frame): string {
  const index = frame.at - 1;
  switch (frame.kind) {
    case 'Map':
      return index % 2 === 0 ? `.keys()[${index / 2}]` : `.get(${keyPicture(frame.from[index - 1])})`;
    case 'Set':
      return `.values()[${index}]`;
    case 'Error':
      return '.cause';
    case 'Typed':
      return `.<${(frame.type as RegisteredType).name}>`;
    case 'Table': {
      const { keys } = frame as { keys: readonly string[] };
      const column = index % keys.length;
      return `[${(index - column) / keys.length}]${propertyStep(keys[column] as string)}`;
    }
    default:
      return propertyStep(frame.keys === null ? index : (frame.keys[index] ?? index));
  }
}

function pictureOf(object: object): string {
  const tag = builtinTagOf(object);
  if (tag === 'Object') return 'a platform object';
  return `${/^[aeiou]/i.test(tag) ? 'an' : 'a'} ${tag}`;
}
