/** Modules without types. What is used here: */
declare module 'medium' {
  export interface MediumChannel {
    readonly isClosed: boolean;
  }
  export function chan(capacity?: number): MediumChannel;
  export function go<T>(routine: () => Promise<T>): Promise<T>;
  export function sleep(ms: number): Promise<void>;
  export function put(channel: MediumChannel, value: number): Promise<boolean>;
  export function take(channel: MediumChannel): Promise<number>;
  export function any(...channels: readonly MediumChannel[]): Promise<[number, MediumChannel]>;
}
declare module 'js-csp/lib/js-csp.js' {
  export interface CspChannel {
    close(): void;
  }
  export function chan(capacity?: number): CspChannel;
  export function go<Args extends unknown[]>(
    routine: (...args: Args) => Generator<unknown, void, never>,
    args: Args,
  ): CspChannel;
  export function sleep(ms: number): object;
  export function put(channel: CspChannel, value: number): object;
  export function take(channel: CspChannel): object;
  export function alts(channels: readonly CspChannel[]): object;
}
