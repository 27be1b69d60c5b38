/** What the tests of Go's layer stand on: one virtual host a test, clean at its end, and ways to look at what waits. */
import { afterEach, beforeEach } from 'vitest';
import { go } from '../../src/go.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost, VirtualHostOptions } from '../../src/testing.js';

/** The host of the test that runs. */
export let host: VirtualHost;
let uninstall: () => void = () => undefined;

/** Puts another host in force for the rest of this test. */
export function installAnother(options?: VirtualHostOptions): void {
  uninstall();
  host = createVirtualHost(options);
  uninstall = host.install();
}

/** Gives each test of a file a host of its own, and asks at its end that nothing is left of it. */
export function useVirtualHost(options?: VirtualHostOptions): void {
  beforeEach(() => {
    host = createVirtualHost(options);
    uninstall = host.install();
  });
  afterEach(() => {
    host.assertClean();
    uninstall();
  });
}

/** How far a promise is. */
export type Seen = { readonly waits: true } | { readonly value: unknown } | { readonly reason: unknown };

/** Looks at a promise from now on, and answers for its rejection. */
export function look(promise: PromiseLike<unknown>): { readonly now: Seen } {
  let now: Seen = { waits: true };
  promise.then(
    (value) => (now = { value }),
    (reason: unknown) => (now = { reason }),
  );
  return {
    get now() {
      return now;
    },
  };
}

/** How `promise` ended, or that it waits, when nothing more happens. */
export async function settled(promise: PromiseLike<unknown>): Promise<Seen> {
  const seen = look(promise);
  await host.runUntilIdle();
  return seen.now;
}

/** Runs `fn` as a routine until nothing more happens, and gives what it returns. */
export async function run<T>(fn: () => Generator<unknown, T, never> | PromiseLike<T>): Promise<T> {
  const seen = await settled(go(fn as () => Generator<unknown, T, never>).done);
  if ('value' in seen) return seen.value as T;
  throw 'reason' in seen ? seen.reason : new Error('the routine waits for ever');
}

/** What is waiting. */
export const waits = { waits: true } as const;

/** The stable code of an error of ours. */
export function codeOf(fn: () => unknown): unknown {
  try {
    fn();
  } catch (error) {
    return (error as { readonly code?: unknown }).code;
  }
  return 'nothing was thrown';
}

/** An error of ours as a matcher. */
export function withCode(code: string, more: object = {}): object {
  return { code, ...more };
}
