/**
 * Marked values: functions, objects that stay where they are, streams and abort signals, as arguments and results. They
 * cannot be cloned; each is taken out of its place and described beside the arguments, so that no value of a user's can be
 * mistaken for one.
 *
 * They are looked for at two levels only, in arguments and in the members of arguments that are plain objects
 * (`search(query, { signal, onProgress })`); deeper ones are refused by structured clone, which says where they sit.
 */
import type { TransferList } from '../channel/transfer-list.js';
import { readTransferList } from '../channel/transfer-list.js';
import type { AbortSignalLike } from '../core/abort.js';
import { isAbortSignal } from '../core/abort.js';
import { isObject } from '../core/webidl.js';
import type { Mark, MarkKind, Place } from './protocol.js';
import { nothingMoves } from './nothing-moves.js';
import { isStream } from './stream.js';
import type { AnyIterable } from './stream.js';

const proxyMark = Symbol('mp-lanes.proxy');

/** The type of what {@link proxy} was given: the other side gets a `Remote` for it. */
export interface ProxyMarked {
  /** Exists in types only. */
  readonly [proxyMark]: true;
}

const proxied = new WeakSet();
const transferables = new WeakMap<object, readonly object[]>();

/**
 * Marks `value` to stay in its thread: the other side gets a remote for it instead of a copy. A function passed as an
 * argument needs this only to outlive the call; then it is held until the other side calls `release` on its remote, or,
 * where the engine tells what it collects, has lost it.
 *
 * @example
 * ```js
 * await api.subscribe(proxy((price) => show(price)));
 * ```
 * @see https://github.com/GoogleChromeLabs/comlink#comlinktransfervalue-transferables-and-comlinkproxyvalue
 */
export function proxy<T extends object>(value: T): T & ProxyMarked {
  proxied.add(value);
  return value as T & ProxyMarked;
}

/**
 * Names what is to be moved, not copied, when `value` crosses as an argument, a result or an item of a stream:
 * `ArrayBuffer`s and ports that are somewhere in it.
 *
 * @example
 * ```js
 * await api.decode(transfer(buffer, [buffer]));
 * ```
 */
export function transfer<T extends object>(value: T, transferList: readonly object[]): T {
  transferables.set(value, transferList);
  return value;
}

/** What stands at a place that cannot be cloned. */
export type Marked =
  | { readonly kind: 'function' | 'object'; readonly value: object }
  | { readonly kind: 'stream'; readonly value: AnyIterable }
  | { readonly kind: 'signal'; readonly value: AbortSignalLike };

export type Found = readonly (readonly [Place, Marked])[];

/** Values that can be cloned, with what was taken out of them. */
export interface Marking {
  readonly args: readonly unknown[];
  readonly found: Found;
  readonly transfer: TransferList;
}

const none: readonly never[] = [];
const nothing: Marking = { args: none, found: none, transfer: nothingMoves };

/** Takes marked values out of arguments, which are not changed. @throws as `readTransferList` does */
export function takeFromArguments(args: readonly unknown[]): Marking {
  if (args.length === 0) return nothing;
  return args.some(isObject) ? takeFrom(args, markOfArgument) : unmarked(args);
}

/**
 * The same for a result or an item: only streams and what `proxy` names stay here, because no end of a call would release
 * anything else.
 */
export function takeFromResult(result: unknown): Marking {
  return isObject(result) ? takeFrom([result], markOfResult) : unmarked([result]);
}

const unmarked = (args: readonly unknown[]): Marking => ({ args, found: none, transfer: nothingMoves });

type MarkOf = (value: object) => Marked | null;

function takeFrom(args: readonly unknown[], markOf: MarkOf): Marking {
  const found: (readonly [Place, Marked])[] = [];
  const list: object[] = [];
  const rest = args.map((value, at) => {
    if (!isObject(value)) return value;
    const named = transferables.get(value);
    if (named !== undefined) list.push(...named);
    const marked = markOf(value);
    if (marked === null) return isPlain(value) ? takeMembers(value, at, found, markOf) : value;
    found.push([[at, null], marked]);
    return undefined;
  });
  return { args: rest, found, transfer: list.length === 0 ? nothingMoves : readTransferList(list) };
}

function takeMembers(
  value: Record<string, unknown>,
  at: number,
  found: (readonly [Place, Marked])[],
  markOf: MarkOf,
): Record<string, unknown> {
  let copy: Record<string, unknown> | null = null;
  for (const key of Object.keys(value)) {
    const member = value[key];
    const marked = isObject(member) ? markOf(member) : null;
    if (marked === null) continue;
    found.push([[at, key], marked]);
    copy = copy ?? { ...value };
    delete copy[key];
  }
  return copy ?? value;
}

const markOfResult: MarkOf = (value) => {
  if (proxied.has(value)) return { kind: 'object', value };
  return isStream(value) ? { kind: 'stream', value } : null;
};

const markOfArgument: MarkOf = (value) => {
  if (proxied.has(value)) return { kind: 'object', value };
  if (typeof value === 'function') return { kind: 'function', value };
  // Cheap first: data has no `aborted`.
  if ('aborted' in value && isAbortSignal(value)) return { kind: 'signal', value };
  return isStream(value) ? { kind: 'stream', value } : null;
};

function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.prototype.hasOwnProperty.call(prototype, 'isPrototypeOf');
}

/** Puts values into the places that marks name; a mark without its place is dropped. */
export function putMarked(
  args: readonly unknown[],
  marks: readonly Mark[],
  make: (kind: MarkKind, target: number, at: number) => unknown,
): unknown[] {
  const filled = args.slice();
  marks.forEach(([argument, member, kind, target], at) => {
    if (argument >= filled.length) return;
    const value = make(kind, target, at);
    const holder = filled[argument];
    if (member === null) filled[argument] = value;
    else if (typeof holder === 'object' && holder !== null) {
      Object.defineProperty(holder, member, { value, writable: true, enumerable: true, configurable: true });
    }
  });
  return filled;
}
