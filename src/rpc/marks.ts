/**
 * Marked values: functions, objects that stay where they are, and abort signals, as arguments and results. They cannot
 * be cloned; each is taken out of its place and described beside the arguments, so that no value of a user's can be
 * mistaken for one.
 *
 * They are looked for at two levels only, in arguments and in the members of arguments that are plain objects
 * (`search(query, { signal, onProgress })`); deeper ones are refused by structured clone, which says where they sit.
 */
import type { AbortSignalLike } from '../core/abort.js';
import { isAbortSignal } from '../core/abort.js';
import { isObject } from '../core/webidl.js';
import type { Mark, Place } from './protocol.js';

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
 * argument needs this only to outlive the call; then it is held until the other side calls `release` on its remote.
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
 * Names what is to be moved, not copied, when `value` crosses as an argument or a result: `ArrayBuffer`s and ports that
 * are somewhere in it.
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
  | { readonly kind: 'signal'; readonly value: AbortSignalLike };

type Found = readonly (readonly [Place, Marked])[];

/** Values that can be cloned, with what was taken out of them. */
export interface Marking {
  readonly args: readonly unknown[];
  readonly found: Found;
  readonly transfer: object[];
}

const nothing: Marking = { args: [], found: [], transfer: [] };

/** Takes marked values out of arguments, which are not changed. */
export function takeFromArguments(args: readonly unknown[]): Marking {
  return args.length === 0 ? nothing : takeFrom(args, markOfArgument);
}

/** The same for a result: only what `proxy` names stays here, because no end of a call would release it. */
export function takeFromResult(result: unknown): Marking {
  return takeFrom([result], markOfResult);
}

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
  return { args: rest, found, transfer: list };
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

const markOfResult: MarkOf = (value) => (proxied.has(value) ? { kind: 'object', value } : null);

const markOfArgument: MarkOf = (value) => {
  if (proxied.has(value)) return { kind: 'object', value };
  if (typeof value === 'function') return { kind: 'function', value };
  // Cheap first: data has no `aborted`.
  return 'aborted' in value && isAbortSignal(value) ? { kind: 'signal', value } : null;
};

function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.prototype.hasOwnProperty.call(prototype, 'isPrototypeOf');
}

/** Puts values into the places that marks name; a mark without its place is dropped. */
export function putMarked(
  args: readonly unknown[],
  marks: readonly Mark[],
  make: (mark: Mark, at: number) => unknown,
): unknown[] {
  const filled = args.slice();
  marks.forEach((mark, at) => {
    const [[argument, member]] = mark;
    if (argument < 0 || argument >= filled.length || Math.floor(argument) !== argument) return;
    const value = make(mark, at);
    const holder = filled[argument];
    if (member === null) filled[argument] = value;
    else if (typeof holder === 'object' && holder !== null) {
      Object.defineProperty(holder, member, { value, writable: true, enumerable: true, configurable: true });
    }
  });
  return filled;
}
