import { describe, expect, it } from 'vitest';
import { currentCall } from '../../src/rpc/call-context.js';
import { proxy } from '../../src/rpc/marks.js';
import { release, withOptions } from '../../src/rpc/remote.js';
import { callStats } from '../../src/rpc/wrap.js';
import type { LinkFault } from '../../src/testing.js';
import { CallStage, collect, watched } from './call-stage.js';

const stage = CallStage.perTest();

/** What happens to the messages of which the text has `part`; of these to number `which`, from 0, or to all. */
function onText(part: string, fault: LinkFault, which?: number) {
  let seen = 0;
  return ({ message }: { message: unknown }): LinkFault | undefined => {
    const text = typeof message === 'string' ? message : (message as { text: string }).text;
    if (!text.includes(part)) return undefined;
    return which === undefined || seen++ === which ? fault : undefined;
  };
}

function createApi() {
  let runs = 0;
  return {
    count: () => ++runs,
    echo: (value: unknown) => value,
    async *numbers(end: number) {
      try {
        // Each in a message of its own.
        for (let n = 0; n < end; n++) {
          await new Promise<void>((resolve) => stage.host.time.setTimer(resolve, 1));
          yield n;
        }
      } finally {
        stage.host.note('cleans up');
      }
    },
    open: () => proxy({ name: () => 'here' }),
    *remotes() {
      yield proxy({ name: () => 'item' });
    },
    sum: async (numbers: AsyncIterable<number>) => (await collect(numbers)).reduce((a, b) => a + b, 0),
    use: (callback: (n: number) => unknown) => callback(++runs),
    work() {
      const { progress } = currentCall()!;
      progress(1);
      return 'worked';
    },
  };
}

describe('messages that come twice', () => {
  it('change nothing: nothing runs twice, and what is in use stays', async () => {
    const { remote, worker, scopes } = stage.startWorker(createApi, { faults: () => 'duplicate' });
    // That a port is brought twice, and a pong was not asked for, is told as an error of the worker.
    expect(await stage.valueOf(remote.count())).toBe(1);
    expect(await stage.valueOf(remote.count())).toBe(2);
    expect(await stage.valueOf(remote.echo(new ArrayBuffer(5)))).toEqual(new ArrayBuffer(5));
    const stream = await stage.valueOf(remote.numbers(300));
    expect(await stage.valueOf(collect(stream as AsyncIterable<number>))).toEqual([...Array(300).keys()]);
    async function* own(): AsyncGenerator<number> {
      yield* [1, 2, 3];
    }
    expect(await stage.valueOf(remote.sum(own()))).toBe(6);
    const calls: number[] = [];
    expect(await stage.valueOf(remote.use((n) => calls.push(n)))).toBe(1);
    expect(calls).toEqual([3]);
    const opened = await stage.valueOf(remote.open());
    expect(await stage.valueOf(opened.name())).toBe('here');
    const [item] = (await stage.valueOf(
      (async () => collect((await remote.remotes()) as AsyncIterable<never>))(),
    )) as { name(): Promise<string> }[];
    expect(await stage.valueOf(item!.name())).toBe('item');
    const progress: unknown[] = [];
    const worked = withOptions(remote, { onProgress: (value) => void progress.push(value) }).work();
    expect([await stage.valueOf(worked), progress.every((value) => value === 1)]).toEqual(['worked', true]);
    release(opened);
    release(item!);
    await stage.host.runUntilIdle();
    expect(stage.host.takeLog()).toEqual(['cleans up']);
    for (const end of [worker, ...scopes]) expect(callStats(end)).toMatchObject({ callbacks: 0, streams: 0 });
  });
});

describe('an item that is lost', () => {
  it('fails its stream where it is missing, and tells the writer', async () => {
    const { remote, worker, scopes } = stage.startWorker(createApi, {
      faults: onText('"item",1,3,', 'drop', 0),
    });
    const items: number[] = [];
    const error = await stage.errorOf(
      (async () => {
        for await (const item of (await remote.numbers(10)) as AsyncIterable<number>) items.push(item);
      })(),
    );
    expect(items).toEqual([0, 1, 2]);
    expect(error).toMatchObject({ code: 'ERR_PROTOCOL', message: 'items of a stream were lost on the way' });
    expect(stage.host.takeLog()).toEqual(['cleans up']);
    expect([callStats(worker).streams, callStats(scopes[0]!).streams]).toEqual([0, 0]);
  });

  it('as the last of its stream is told by the end', async () => {
    const { remote } = stage.startWorker(createApi, { faults: onText('"item",1,9,', 'drop', 0) });
    const call = (async () => collect((await remote.numbers(10)) as AsyncIterable<number>))();
    expect((await stage.errorOf(call)).code).toBe('ERR_PROTOCOL');
    expect(stage.host.takeLog()).toEqual(['cleans up']);
  });
});

describe('messages that are late', () => {
  it('change nothing but the time', async () => {
    let n = 0;
    const { remote } = stage.startWorker(createApi, { faults: () => ({ delayMs: (n = (n * 7 + 3) % 40) }) });
    const calls = [1, 2, 3].map(() => watched(remote.count()));
    const stream = await stage.valueOf(remote.numbers(50));
    expect(await stage.valueOf(collect(stream as AsyncIterable<number>))).toHaveLength(50);
    expect(calls.map((call) => call.value())).toEqual([1, 2, 3]);
    stage.host.takeLog();
  });
});
