/** The types of remotes. Nothing here exists at run time. */
import type { AbortSignalLike } from '../core/abort.js';
import type { ProxyMarked } from './marks.js';

type AnyFunction = (...args: never[]) => unknown;
type AnyClass = abstract new (...args: never[]) => object;

type IsAny<T> = 0 extends 1 & T ? true : false;
type IsUnknown<T> = IsAny<T> extends true ? false : unknown extends T ? true : false;

/** A generator is data that is read once; an array, a Map or a Set is data. */
type IsStream<T> =
  T extends AsyncIterable<unknown>
    ? true
    : T extends Iterator<unknown, unknown, never> & Iterable<unknown>
      ? true
      : false;

type ItemOf<T> = T extends AsyncIterable<infer Item> ? Item : T extends Iterable<infer Item> ? Item : never;

type Crossed<T> = T extends ProxyMarked
  ? Remote<Omit<T, keyof ProxyMarked>>
  : IsStream<T> extends true
    ? AsyncIterableIterator<ItemOf<T>>
    : T;

/** What a call gives: a remote for what the other side marked with `proxy`, a stream for a stream, a copy of all else. */
export type RemoteAnswer<Result> =
  IsAny<Result> extends true
    ? Promise<Result>
    : IsUnknown<Result> extends true
      ? Promise<unknown>
      : Promise<Result extends PromiseLike<infer Value> ? Crossed<Value> : Crossed<Result>>;

/**
 * What a caller may give for an argument: any `AbortSignal` for an `AbortSignal`, any iterable for an async one, and members
 * of an object likewise.
 */
type Given<T> =
  IsAny<T> extends true
    ? T
    : T extends AnyFunction
      ? T
      : T extends AbortSignalLike
        ? AbortSignalLike
        : T extends AsyncIterable<infer Item>
          ? AsyncIterable<Item> | Iterable<Item>
          : T;

type GivenMembers<T> =
  IsAny<T> extends true
    ? T
    : T extends AnyFunction | AbortSignalLike | AsyncIterable<unknown> | readonly unknown[]
      ? Given<T>
      : HasGiven<T> extends true
        ? { [Key in keyof T]: Given<T[Key]> }
        : T;

type HasGiven<T> = T extends object
  ? true extends {
      [Key in keyof T]-?: Exclude<T[Key], undefined> extends AbortSignalLike | AsyncIterable<unknown>
        ? true
        : never;
    }[keyof T]
    ? true
    : false
  : false;

type GivenArgs<Args extends readonly unknown[]> = { [Key in keyof Args]: GivenMembers<Args[Key]> };

/** Whether the function's type can stay as it is, which keeps its generics and its overloads. */
type StaysAsIs<T> = T extends (...args: infer Args) => Promise<infer Value>
  ? IsAny<Value> extends true
    ? true
    : [Crossed<Value>] extends [Value]
      ? [Value] extends [Crossed<Value>]
        ? [GivenArgs<Args>] extends [Args]
          ? true
          : false
        : false
      : false
  : false;

type One<Args extends readonly unknown[], Result> = (...args: GivenArgs<Args>) => RemoteAnswer<Result>;

/** Up to four overloads; of a generic function the type arguments are lost unless it gives a promise already. */
export type RemoteCallable<T> =
  StaysAsIs<T> extends true
    ? T
    : T extends {
          (...args: infer A1): infer R1;
          (...args: infer A2): infer R2;
          (...args: infer A3): infer R3;
          (...args: infer A4): infer R4;
        }
      ? One<A1, R1> & One<A2, R2> & One<A3, R3> & One<A4, R4>
      : T extends (...args: infer Args) => infer Result
        ? One<Args, Result>
        : unknown;

type HasFunctions<T> = true extends {
  [Key in keyof T]: T[Key] extends AnyFunction | AnyClass ? true : never;
}[keyof T]
  ? true
  : false;

type RemoteMember<T> =
  IsAny<T> extends true
    ? Promise<T>
    : unknown extends T
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
  : (T extends AnyFunction ? RemoteCallable<T> : unknown) &
      (T extends abstract new (...args: infer Args) => infer Instance
        ? new (...args: GivenArgs<Args>) => Promise<Remote<Instance>>
        : unknown) & {
        [Key in keyof T as Key extends string ? Key : never]: RemoteMember<T[Key]>;
      };
