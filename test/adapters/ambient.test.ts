import { afterEach, describe, expect, it, vi } from 'vitest';
import { readAmbient } from '../../src/adapters/ambient.js';
import { chooseIdle } from '../../src/adapters/ladder.js';

afterEach(() => vi.unstubAllGlobals());

/** As a browser has them: called on an object that is not the global scope they throw. */
function stubStrictIdle(): { asked: number; cancelled: unknown[] } {
  const seen = { asked: 0, cancelled: [] as unknown[] };
  const check = (receiver: unknown): void => {
    if (receiver !== undefined && receiver !== globalThis) throw new TypeError('Illegal invocation');
  };
  vi.stubGlobal('requestIdleCallback', function (this: unknown) {
    check(this);
    return ++seen.asked;
  });
  vi.stubGlobal('cancelIdleCallback', function (this: unknown, id: unknown) {
    check(this);
    seen.cancelled.push(id);
  });
  return seen;
}

describe('the globals', () => {
  it('ask a browser for idle time, and take that back, on its own global scope', () => {
    const seen = stubStrictIdle();
    const request = chooseIdle(
      readAmbient(),
      () => undefined,
      () => 0,
    );
    const cancel = request?.(() => undefined);
    expect(seen.asked).toBe(1);
    cancel?.();
    expect(seen.cancelled).toEqual([1]);
  });

  it('are absent where the host has none', () => {
    vi.stubGlobal('requestIdleCallback', undefined);
    expect(readAmbient().requestIdleCallback).toBeUndefined();
  });
});
