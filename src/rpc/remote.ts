/**
 * Remotes: what a caller holds for something that lives in another thread. A remote names a path in it; nothing crosses
 * before it is called, awaited, constructed or assigned to.
 */
import { environment } from '../core/environment.js';
import { LanesError } from '../core/errors.js';
import type { CallOptions } from './call-options.js';
import { mergedOptions, noOptions, readCallOptions } from './call-options.js';
import type { AskKind, Path } from './protocol.js';
import type { Remote, RemoteAnswer } from './remote-types.js';

/** What is the same in all calls of one member. */
export interface Asked {
  readonly kind: AskKind;
  readonly path: Path;
  readonly options: CallOptions;
}

/** Whoever answers for a remote. */
export interface Caller {
  /** What `ask` takes: made once, asked often. */
  prepare(kind: AskKind, path: Path, options: CallOptions): Asked;
  ask(asked: Asked, args: readonly unknown[]): Promise<unknown>;
  /** The remote will not be used again. */
  release(): void;
}

/** What a remote is, inside. */
interface Inside {
  readonly caller: Caller;
  readonly path: Path;
  readonly options: CallOptions;
}

const inside = Symbol('mp-lanes.remote');

const isRemote = (value: unknown): boolean =>
  typeof value === 'function' && (value as { readonly [inside]?: Inside })[inside] !== undefined;

/** A remote for the object that `caller` answers for. */
export function createRemote(caller: Caller): object {
  return createPathRemote({ caller, path: [], options: noOptions });
}

/**
 * What is behind a remote.
 * @throws TypeError for anything else
 */
function insideOf(who: string, remote: unknown): Inside {
  const found = Object(remote) as { readonly [inside]?: Inside };
  if (found[inside] !== undefined) return found[inside];
  throw new TypeError(`${who}: not a remote given by wrap, nor one that arrived with a call`);
}

/**
 * Lets go of a remote: at the other side nothing is held for it any more. Pending calls through it reject, and are aborted
 * at the other side; calls made after reject with `ERR_CALL_RELEASED`. Releasing twice does nothing. Where the engine tells
 * what it collects, a remote that nobody holds any more is released by itself.
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
  insideOf('release', remote).caller.release();
}

/**
 * The same remote, or method of a remote, whose calls are made so.
 *
 * @param remote - a remote, or a member of one; its own options are kept where `options` says nothing
 * @throws TypeError when it is none, and for a signal, a priority or a function that is none
 * @throws LanesError `ERR_INVALID_ARGUMENT` for a duration out of range, or metadata that is no texts
 * @example
 * ```js
 * const urgent = withOptions(api, { priority: 'user-blocking', timeoutMs: 2000, signal });
 * const rows = await urgent.search('par');
 * ```
 */
export function withOptions<R extends object>(remote: R, options: CallOptions): R {
  const { caller, path, options: own } = insideOf('withOptions', remote);
  return createPathRemote({ caller, path, options: mergedOptions(own, readCallOptions(options)) }) as R;
}

/**
 * Calls a method of a remote by its name: for engines without `Proxy`, where a remote has no members, and for names that
 * are known at run time only.
 *
 * @param method - the method; members of members with dots between
 * @throws TypeError when `remote` is none
 * @throws LanesError `ERR_INVALID_ARGUMENT` for a name that is no text
 * @example
 * ```js
 * const rows = await call(api, 'search', 'par');
 * ```
 */
export function call<Api, Key extends keyof Api & string>(
  remote: Remote<Api>,
  method: Key,
  ...args: Api[Key] extends (...args: infer Args) => unknown ? Args : never
): Api[Key] extends (...args: never[]) => infer Result ? RemoteAnswer<Result> : Promise<never>;
export function call(remote: object, method: string, ...args: readonly unknown[]): Promise<unknown>;
export function call(remote: unknown, method: unknown, ...args: readonly unknown[]): Promise<unknown> {
  const { caller, path, options } = insideOf('call', remote);
  if (typeof method !== 'string' || method === '')
    throw new LanesError('ERR_INVALID_ARGUMENT', 'call: the name of a method is a text', { value: method });
  return caller.ask(caller.prepare('call', [...path, ...method.split('.')], options), args);
}

const hasProxy = typeof Proxy === 'function';

function createPathRemote(content: Inside): object {
  if (!hasProxy) return createCallable(content);
  // A function, so that the proxy can be called and constructed.
  return new Proxy(function remote() {}, new RemoteHandler(content));
}

/** A remote without members; a callback needs none. */
function createCallable(content: Inside): object {
  const { caller, path, options } = content;
  const remote = (...args: unknown[]): unknown => caller.ask(caller.prepare('call', path, options), args);
  return Object.assign(remote, { [inside]: content });
}

/** What a remote does when it is touched. */
class RemoteHandler implements ProxyHandler<() => void> {
  private members: Map<string, object> | null = null;
  private asked: Asked | null = null;

  constructor(private readonly content: Inside) {}

  get(_target: unknown, key: string | symbol): unknown {
    if (key === inside) return this.content;
    if (typeof key !== 'string') return undefined;
    return key === 'then' ? this.then() : this.member(key);
  }

  set(_target: unknown, key: string | symbol, value: unknown): boolean {
    if (typeof key !== 'string') return false;
    this.ask('set', [...this.content.path, key], [value]).catch((error: unknown) =>
      environment().reportError(error),
    );
    return true;
  }

  apply(_target: unknown, _this: unknown, args: unknown[]): unknown {
    const { caller } = this.content;
    return this.asked === null ? this.applyFirst(args) : caller.ask(this.asked, args);
  }

  construct(_target: unknown, args: unknown[]): object {
    return this.ask('new', this.content.path, args);
  }

  private applyFirst(args: unknown[]): unknown {
    const { caller, path, options } = this.content;
    const name = path[path.length - 1];
    // Asked each time: it may be a member of that name, or that of every function.
    if (name === 'call' || name === 'apply' || name === 'bind') return this.applyAsFunction(name, args);
    this.asked = caller.prepare('call', path, options);
    return caller.ask(this.asked, args);
  }

  /**
   * `fn.call`, `fn.apply` and `fn.bind` are of every function; there is no `this` to be passed across, so whoever means
   * them gives none, or a remote. `filters.apply(image)` is a method.
   */
  private applyAsFunction(name: 'call' | 'apply' | 'bind', args: unknown[]): unknown {
    const { caller, path, options } = this.content;
    const owner = path.slice(0, -1);
    const [self, list] = args;
    const isFunctions = args.length > 0 && (self === undefined || self === null || isRemote(self));
    if (!isFunctions) return this.ask('call', path, args);
    if (name === 'bind') return createPathRemote({ caller, path: owner, options });
    const given = name === 'call' ? args.slice(1) : Array.from((list ?? []) as ArrayLike<unknown>);
    return this.ask('call', owner, given);
  }

  private ask(kind: AskKind, path: Path, args: readonly unknown[]): Promise<unknown> {
    const { caller, options } = this.content;
    return caller.ask(caller.prepare(kind, path, options), args);
  }

  private member(key: string): object {
    const members = (this.members ??= new Map<string, object>());
    let found = members.get(key);
    if (found === undefined) {
      const { caller, path, options } = this.content;
      found = createPathRemote({ caller, path: [...path, key], options });
      members.set(key, found);
    }
    return found;
  }

  /** `then` of a path reads what is there; a remote itself has none, or awaiting it would read it. */
  private then(): unknown {
    const { path } = this.content;
    if (path.length === 0) return undefined;
    return (fulfilled: (value: unknown) => unknown, rejected: (reason: unknown) => unknown) =>
      this.ask('get', path, []).then(fulfilled, rejected);
  }
}
