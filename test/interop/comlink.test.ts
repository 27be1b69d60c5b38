/**
 * Comlink, as npm has it, over our ports. It makes ports with the name `MessageChannel`; here that name is given to it
 * by a scope, as a bundler's `inject` (esbuild, Rollup) or `ProvidePlugin` (webpack) does.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import type * as Comlink from 'comlink';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MessageChannel, MessagePort } from '../../src/channel/message-port.js';
import { closed, connectPorts } from './two-ends.js';
import type { Crossing } from './two-ends.js';

type Library = typeof Comlink;

/** A copy of Comlink whose `MessageChannel` is ours. */
function loadComlink(): Library {
  const file = createRequire(import.meta.url).resolve('comlink');
  const exports = {};
  const load = compileFunction(readFileSync(file, 'utf8'), ['exports', 'module', 'MessageChannel']) as (
    ...scope: unknown[]
  ) => void;
  load(exports, { exports }, MessageChannel);
  return exports as Library;
}

class Counter {
  value = 0;
  add(n: number): number {
    return (this.value += n);
  }
}

function createApi() {
  return {
    version: 1,
    nested: { deep: { twice: (n: number) => 2 * n, name: 'deep' } },
    Counter,
    add: (a: number, b: number) => a + b,
    rich: (value: unknown) => value,
    onEach: async (callback: (n: number) => unknown) => [await callback(1), await callback(2)],
    fail(): void {
      throw new RangeError('too far');
    },
    failPlainly(): void {
      throw { reason: 'plain' };
    },
    unsendable: () => ({ f: () => 1 }),
    sum: (buffer: ArrayBuffer) => new Uint8Array(buffer).reduce((sum, byte) => sum + byte, 0),
    give: undefined as unknown as () => ArrayBuffer,
    say: (event: Greeting) => event.text,
  };
}

/** A class that only a transfer handler brings across. */
class Greeting {
  constructor(readonly text: string) {}
}

describe.each([
  ['binary', { binary: true }],
  ['text only', { binary: false }],
])('Comlink over a pipe that is %s', (_, options) => {
  let here: Library;
  let there: Library;
  let api: ReturnType<typeof createApi>;
  let near: MessagePort;
  let far: MessagePort;
  let crossing: Crossing;
  let remote: Comlink.Remote<ReturnType<typeof createApi>>;

  beforeEach(async () => {
    [here, there] = [loadComlink(), loadComlink()];
    ({ near, far, crossing } = await connectPorts(options));
    api = createApi();
    api.give = () => {
      const { buffer } = Uint8Array.of(1, 2, 3);
      return there.transfer(buffer, [buffer]);
    };
    there.expose(api, far as unknown as Comlink.Endpoint);
    remote = here.wrap(near as unknown as Comlink.Endpoint);
  });

  afterEach(() => near.close());

  it('calls, gets and sets, at any depth', async () => {
    expect(await remote.add(1, 2)).toBe(3);
    expect(await remote.version).toBe(1);
    // Comlink's types know no members of members.
    const { deep } = remote.nested as unknown as {
      deep: Comlink.Remote<{ twice(n: number): number; name: string }>;
    };
    expect(await deep.twice(4)).toBe(8);
    expect(await deep.name).toBe('deep');
    (deep as unknown as { name: string }).name = 'new';
    expect(await deep.name).toBe('new');
    expect(api.nested.deep.name).toBe('new');
  });

  it('carries what structured clone does, over JSON', async () => {
    const value = { map: new Map([[1n, new Date(0)]]), set: new Set([undefined]), nan: NaN };
    expect(await remote.rich(value)).toEqual(value);
  });

  it('makes instances of classes', async () => {
    const counter = await new remote.Counter();
    expect(await counter.add(2)).toBe(2);
    expect(await counter.add(3)).toBe(5);
    expect(await counter.value).toBe(5);
    counter[here.releaseProxy]();
  });

  it('calls back', async () => {
    const got: number[] = [];
    const callback = here.proxy((n: number) => {
      got.push(n);
      return n * 10;
    });
    expect(await remote.onEach(callback)).toEqual([10, 20]);
    expect(got).toEqual([1, 2]);
  });

  it('gives a remote for what the other side marks', async () => {
    const made = there.proxy({ hi: () => 'hi' });
    (api as unknown as { make: unknown }).make = () => made;
    const given = await (remote as unknown as { make(): Promise<{ hi(): Promise<string> }> }).make();
    expect(await given.hi()).toBe('hi');
  });

  it('carries errors, and values that are thrown', async () => {
    await expect(remote.fail()).rejects.toMatchObject({ name: 'RangeError', message: 'too far' });
    await expect(remote.failPlainly()).rejects.toEqual({ reason: 'plain' });
    await expect(remote.unsendable()).rejects.toThrow('Unserializable return value');
    expect(await remote.add(1, 1)).toBe(2);
  });

  it('moves buffers both ways', async () => {
    const { buffer } = Uint8Array.of(1, 2, 3);
    expect(await remote.sum(here.transfer(buffer, [buffer]))).toBe(6);
    expect(buffer.byteLength).toBe(0);
    expect(new Uint8Array(await remote.give())).toEqual(Uint8Array.of(1, 2, 3));
  });

  it('takes transfer handlers of a program’s own', async () => {
    for (const library of [here, there]) {
      library.transferHandlers.set('greeting', {
        canHandle: (value): value is Greeting => value instanceof Greeting,
        serialize: (greeting: Greeting) => [greeting.text, []],
        deserialize: (text: string) => new Greeting(`${text}!`),
      });
    }
    expect(await remote.say(new Greeting('hello'))).toBe('hello!');
  });

  it('makes further endpoints', async () => {
    const endpoint = (await remote[here.createEndpoint]()) as unknown;
    expect(endpoint).toBeInstanceOf(MessagePort);
    const second = here.wrap<ReturnType<typeof createApi>>(endpoint as Comlink.Endpoint);
    expect(await second.add(20, 1)).toBe(21);
    expect(crossing()).toBe(2);
  });

  it('releases: the finalizer runs and the port closes at both ends', async () => {
    let finalized = 0;
    Object.assign(api, { [there.finalizer]: () => finalized++ });
    const end = closed(near);
    remote[here.releaseProxy]();
    await end;
    expect(finalized).toBe(1);
    expect(crossing()).toBe(0);
    expect(() => remote.add).toThrow('released');
  });
});
