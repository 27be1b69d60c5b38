/**
 * Remotes: what a caller holds for something that lives in another thread. A remote names a path in it; nothing crosses
 * before it is called, awaited, constructed or assigned to.
 */
import { environment } from '../core/environment.js';
import type { ProxyMarked } from './marks.js';
import type { Path } from './protocol.js';

/** The ways in which a path can be asked for. */
export type AskKind = 'call' | 'new' | 'get' | 'set';

/** Whoever answers for a remote. */
export interface Caller {
  ask(kind: AskKind, path: Path, args: readonly unknown[]): Promise<unknown>;
  /** The remote will not be used again. */
  release(): void;
}

type AnyFunction = (...args: never[]) => unknown;
type AnyClass = abstract new (...args: never[]) => object;

/** What a call gives: a remote for what the other side marked with `proxy`, a copy of anything else. */
type Answer<Result> = Promise<
  Awaited<Result> extends ProxyMarked ? Remote<Omit<Awaited<Result>, keyof ProxyMarked>> : Awaited<Result>
>;

type HasFunctions<T> = true extends {
  [Key in keyof T]: T[Key] extends AnyFunction | AnyClass ? true : never;
}[keyof T]
  ? true
  : false;

type RemoteMember<T> = unknown extends T
  ? Promise<T>
  : [T] extends [AnyFunction | AnyClass]
    ? Remote<T>
    : [T] extends [readonly unknown[]]
      ? Promise<T>
      : [T] extends [object]
        ? HasFunctions<T> extends true
          ? Remote<T>
          : Promise<T>
        : Promise<T>;

/**
 * The type of a remote for a `T`: its methods give promises, its objects with methods are remotes, its other members
 * are promises to await, its classes are constructed with `await new api.Counter()`.
 */
export type Remote<T> = unknown extends T
  ? unknown
  : (T extends (...args: infer Args) => infer Result ? (...args: Args) => Answer<Result> : unknown) &
      (T extends abstract new (...args: infer Args) => infer Instance
        ? new (...args: Args) => Promise<Remote<Instance>>
        : unknown) & {
        [Key in keyof T as Key extends string ? Key : never]: RemoteMember<T[Key]>;
      };

const callers = new WeakMap<object, Caller>();

/** A remote for the object that `caller` answers for. */
export function createRemote(caller: Caller): object {
  const remote = createPathRemote(caller, []);
  callers.set(remote, caller);
  return remote;
}

/**
 * Lets go of a remote: at the other side nothing is held for it any more. Pending calls through a remote of `wrap`
 * reject; calls made after reject with `ERR_CALL_RELEASED`. Releasing twice does nothing.
 *
 * @param remote - what `wrap` gave, or a remote that arrived as an argument or a result
 * @throws TypeError when it is none
 * @example
 * ```js
 * const api = wrap(worker);
 * await api.refresh();
 * release(api);
 * ```
 */
export function release(remote: object): void {
  const caller = callers.get(remote);
  if (caller === undefined)
    throw new TypeError('release: not a remote given by wrap, nor one that arrived with a call');
  caller.release();
}

function createPathRemote(caller: Caller, path: Path): object {
  const members = new Map<string, object>();
  const member = (key: string): object => {
    let found = members.get(key);
    if (found === undefined) members.set(key, (found = createPathRemote(caller, [...path, key])));
    return found;
  };
  // A function, so that the proxy can be called and constructed.
  return new Proxy(function remote() {}, {
    get: (_target, key) => (typeof key === 'string' ? readMember(caller, path, key, member) : undefined),
    set: (_target, key, value) => {
      if (typeof key !== 'string') return false;
      caller.ask('set', [...path, key], [value]).catch((error: unknown) => environment().reportError(error));
      return true;
    },
    apply: (_target, _this, args: unknown[]) => callPath(caller, path, args),
    construct: (_target, args: unknown[]) => caller.ask('new', path, args),
  });
}

/** `then` of a path reads what is there; a remote itself has none, or awaiting it would read it. */
function readMember(caller: Caller, path: Path, key: string, member: (key: string) => object): unknown {
  if (key !== 'then') return member(key);
  if (path.length === 0) return undefined;
  return (fulfilled: (value: unknown) => unknown, rejected: (reason: unknown) => unknown) =>
    caller.ask('get', path, []).then(fulfilled, rejected);
}

/** `fn.call`, `fn.apply` and `fn.bind` are of every function; there is no `this` to be passed across. */
function callPath(caller: Caller, path: Path, args: readonly unknown[]): unknown {
  const owner = path.slice(0, -1);
  switch (path[path.length - 1]) {
    case 'call':
      return caller.ask('call', owner, args.slice(1));
    case 'apply':
      return caller.ask('call', owner, Array.from((args[1] ?? []) as ArrayLike<unknown>));
    case 'bind':
      return createPathRemote(caller, owner);
    default:
      return caller.ask('call', path, args);
  }
}
