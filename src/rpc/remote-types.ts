/** The types of remotes. Nothing here exists at run time. */
import type { AbortSignalLike } from '../core/abort.js';
import type { ProxyMarked } from './marks.js';

type AnyFunction = (...args: never) => unknown;
type AnyClass = abstract new (...args: never[]) => object;
type AnyStream = AsyncIterable<unknown> | (Iterator<unknown, unknown, never> & Iterable<unknown>);

/** What is cloned, though it has methods. */
type Data =
  | readonly unknown[]
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | Date
  | RegExp
  | Error
  | ArrayBuffer
  | ArrayBufferView;

type IsAny<T> = 0 extends 1 & T ? true : false;

/** `unknown` and `any`: nothing is known, so nothing is changed. */
type IsOpen<T> = unknown extends T ? true : false;

type Mutual<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

// ---- What comes back

type ItemOf<T> = T extends AsyncIterable<infer Item> ? Item : T extends Iterable<infer Item> ? Item : never;

type Unmarked<T> = T extends infer Value & ProxyMarked ? Value : never;

/** What a value is where it arrives: a remote of what `proxy` marked, a stream of whatever is read once, else itself. */
type CrossedValue<T> =
  IsOpen<T> extends true
    ? T
    : T extends ProxyMarked
      ? Remote<Unmarked<T>>
      : T extends AnyStream
        ? AsyncIterableIterator<ItemOf<T>>
        : T;

type Crossing = ProxyMarked | AnyStream;

/** Whether a member of an object that is no data changes on the way. */
type HasCrossing<T> = T extends Data | AnyFunction
  ? false
  : T extends object
    ? true extends { [Key in keyof T]-?: IsCrossing<T[Key]> }[keyof T]
      ? true
      : false
    : false;

type IsCrossing<T> = IsOpen<T> extends true ? never : [Extract<T, Crossing>] extends [never] ? never : true;

/** The same for the members of an object, as they are looked for: no deeper. */
type Crossed<T> =
  IsOpen<T> extends true
    ? T
    : T extends Crossing
      ? CrossedValue<T>
      : HasCrossing<T> extends true
        ? { [Key in keyof T]: CrossedValue<T[Key]> }
        : T;

/** What a call gives: a remote for what the other side marked with `proxy`, a stream for a stream, a copy of all else. */
export type RemoteAnswer<Result> =
  IsOpen<Result> extends true ? Promise<Result> : Promise<Crossed<Awaited<Result>>>;

// ---- What is given

/**
 * What a caller may give for an argument: any `AbortSignal` for an `AbortSignal`, any iterable for an async one, and for a
 * function that gives a promise one that gives the value itself; members of an object likewise.
 */
type Given<T> =
  IsOpen<T> extends true
    ? T
    : T extends (...args: infer Args) => PromiseLike<infer Value>
      ? IsAny<Value> extends true
        ? T
        : T | ((...args: Args) => Value | PromiseLike<Value>)
      : T extends AnyFunction
        ? T
        : T extends AbortSignalLike
          ? AbortSignalLike
          : T extends AsyncIterable<infer Item>
            ? AsyncIterable<Item> | Iterable<Item>
            : T;

type IsGiven<T> = IsOpen<T> extends true ? never : Mutual<Given<T>, T> extends true ? never : true;

type HasGiven<T> = T extends Data | AnyFunction | AbortSignalLike | AnyStream
  ? false
  : T extends object
    ? true extends { [Key in keyof T]-?: IsGiven<Exclude<T[Key], undefined>> }[keyof T]
      ? true
      : false
    : false;

type GivenMembers<T> =
  IsOpen<T> extends true
    ? T
    : T extends unknown
      ? HasGiven<T> extends true
        ? { [Key in keyof T]: Given<T[Key]> }
        : Given<T>
      : never;

type GivenArgs<Args extends readonly unknown[]> = { [Key in keyof Args]: GivenMembers<Args[Key]> };

// ---- Remotes

/** Whether the function's type can stay as it is, which keeps its generics and its overloads. */
type StaysAsIs<Args extends readonly unknown[], Result> =
  IsAny<Result> extends true
    ? false
    : [Result] extends [never]
      ? false
      : [Result] extends [Promise<infer Value>]
        ? Mutual<Crossed<Value>, Value> extends true
          ? [GivenArgs<Args>] extends [Args]
            ? true
            : false
          : false
        : false;

type One<Args extends readonly unknown[], Result> = (...args: GivenArgs<Args>) => RemoteAnswer<Result>;

/** Of several signatures the last is inferred; a function that is no more than that has one. */
type RemoteOverloads<T> = T extends {
  (...args: infer A1): infer R1;
  (...args: infer A2): infer R2;
  (...args: infer A3): infer R3;
  (...args: infer A4): infer R4;
}
  ? One<A1, R1> & One<A2, R2> & One<A3, R3> & One<A4, R4>
  : unknown;

/** Up to four overloads; of a generic function the type arguments are lost unless it gives a promise already. */
export type RemoteCallable<T> = T extends (...args: infer Args) => infer Result
  ? StaysAsIs<Args, Result> extends true
    ? T
    : Mutual<T, (...args: Args) => Result> extends true
      ? One<Args, Result>
      : RemoteOverloads<T>
  : unknown;

type RemoteMembers<T> = {
  [Key in keyof T as Key extends string ? Key : never]: RemoteMember<T[Key]>;
};

type HasFunctions<T> = true extends {
  [Key in keyof T]-?: NonNullable<T[Key]> extends AnyFunction | AnyClass ? true : never;
}[keyof T]
  ? true
  : false;

/** A member that may be absent is asked for all the same. */
type RemoteMember<T> =
  IsOpen<T> extends true
    ? Promise<T>
    : [NonNullable<T>] extends [never]
      ? Promise<T>
      : [NonNullable<T>] extends [AnyFunction | AnyClass]
        ? Remote<NonNullable<T>>
        : [NonNullable<T>] extends [Data | Crossing | PromiseLike<unknown>]
          ? RemoteAnswer<T>
          : [NonNullable<T>] extends [object]
            ? HasFunctions<NonNullable<T>> extends true
              ? Remote<NonNullable<T>>
              : Promise<T> & RemoteMembers<NonNullable<T>>
            : Promise<T>;

/**
 * The type of a remote for a `T`: its methods give promises, its objects with methods are remotes, its other members
 * are promises to await, its classes are constructed with `await new api.Counter()`.
 */
export type Remote<T> =
  IsOpen<T> extends true
    ? unknown
    : (T extends AnyFunction ? RemoteCallable<T> : unknown) &
        (T extends abstract new (...args: infer Args) => infer Instance
          ? new (...args: GivenArgs<Args>) => Promise<Remote<Instance>>
          : unknown) &
        RemoteMembers<T>;
