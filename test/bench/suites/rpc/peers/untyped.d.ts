/** Modules without types: where the `exports` of threads.js lead, and Comlink's adapter for Node. What is used here: */
declare module 'threads' {
  interface ObservablePromise<T> extends Promise<T> {
    subscribe(next: (value: T) => void, error: (reason: unknown) => void, complete: () => void): unknown;
  }
  export const Worker: new (url: string) => object;
  export function spawn(worker: object): Promise<unknown>;
  export function Transfer<T>(payload: T, transferables?: readonly unknown[]): T;
}
declare module 'threads/observable' {
  interface Observer<T> {
    next(value: T): void;
    complete(): void;
  }
  export const Observable: new <T>(subscribe: (observer: Observer<T>) => void) => object;
}
declare module 'threads/worker' {
  export function expose(api: object): void;
}
declare module 'comlink/dist/esm/node-adapter.mjs' {
  import type { Endpoint } from 'comlink';

  export default function nodeEndpoint(thread: unknown): Endpoint;
}
