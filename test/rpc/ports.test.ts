import { describe, expect, it } from 'vitest';
import { MessageChannel } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
import { expose } from '../../src/rpc/expose.js';
import { proxy, transfer } from '../../src/rpc/marks.js';
import { withOptions } from '../../src/rpc/remote.js';
import { callStats, wrap } from '../../src/rpc/wrap.js';
import { CallStage, collect, deferred, watched } from './call-stage.js';

const stage = CallStage.perTest();

/** Sends `port` to another place of this thread, as its other side would see it: nobody listens there yet. */
async function move(port: MessagePort): Promise<MessagePort> {
  const { port1, port2 } = new MessageChannel();
  const moved = deferred<MessagePort>();
  port2.onmessage = ({ ports: [arrived] }) => moved.resolve(arrived as MessagePort);
  port1.postMessage(null, [port]);
  await stage.host.advance(1);
  port2.close();
  return stage.watch(await moved.promise);
}

const never = new Promise<never>(() => undefined);

function createApi(name = 'first') {
  return {
    name: () => name,
    wait: () => never,
    hold: (_callback: () => void) => never,
    keep: (_callback: () => void) => undefined,
    async *count() {
      for (let n = 0; ; n++) {
        await new Promise<void>((resolve) => stage.host.time.setTimer(resolve, 10, true));
        yield n;
      }
    },
    open: () => proxy({ name: () => name }),
  };
}

describe('a port whose callee is transferred', () => {
  it('rejects what ran there, and forgets what was held for it', async () => {
    const { remote, near, far } = stage.connect(createApi());
    const opened = await stage.valueOf(remote.open());
    await stage.valueOf(remote.keep(proxy(() => undefined)));
    const [waits, holds] = [watched(remote.wait()), watched(remote.hold(() => undefined))];
    await stage.host.advance(1);
    expect(callStats(near)).toMatchObject({ pending: 2, callbacks: 2 });
    await move(far);
    expect(waits.error()).toMatchObject({
      code: 'ERR_PORT_CLOSED',
      message: 'the other end of the port was transferred',
    });
    expect(holds.error().code).toBe('ERR_PORT_CLOSED');
    expect((await stage.errorOf(opened.name())).code).toBe('ERR_CALL_RELEASED');
    expect(callStats(near)).toMatchObject({ pending: 0, callbacks: 0 });
  });

  it('fails streams in their place, and ends those that it wrote', async () => {
    const { remote, near, far } = stage.connect(createApi());
    const items: unknown[] = [];
    const reading = watched(
      (async () => {
        for await (const item of await remote.count()) items.push(item);
      })(),
    );
    await stage.host.advance(35);
    await move(far);
    await stage.host.advance(1);
    expect([items, reading.error().code]).toEqual([[0, 1, 2], 'ERR_PORT_CLOSED']);
    expect(callStats(near).streams).toBe(0);
    await stage.host.advance(10);
  });

  it('is answered by whoever gets it: what comes later, what is idempotent, and what certainly never began', async () => {
    const { remote, far } = stage.connect({
      ...createApi(),
      wait: () => {
        stage.host.costMs(100);
        return never;
      },
    });
    const again = watched(withOptions(remote, { idempotent: true }).name());
    await stage.host.advance(1);
    expect(again.value()).toBe('first');
    const stuck = watched(remote.wait());
    // Idempotent, and runs there too.
    const repeated = watched(withOptions(remote, { idempotent: true }).wait());
    const behind = watched(withOptions(remote, { priority: 'background' }).name());
    await stage.host.runTurn();
    const moved = await move(far);
    const later = watched(remote.name());
    await stage.host.advance(1);
    expect(stuck.error().code).toBe('ERR_PORT_CLOSED');
    expect([behind.state, repeated.state, later.state]).toEqual(['pending', 'pending', 'pending']);
    expose({ name: () => 'second', wait: () => 'waited' }, moved);
    await stage.host.runUntilIdle();
    expect([behind.value(), repeated.value(), later.value()]).toEqual(['second', 'waited', 'second']);
  });

  it('may be transferred as often as one likes', async () => {
    const ends = stage.connect(createApi());
    let { far } = ends;
    for (let n = 0; n < 300; n++) {
      far = await move(far);
      expose(createApi(`number ${n}`), far);
      expect(await stage.valueOf(ends.remote.name())).toBe(`number ${n}`);
    }
  });

  it('calls back to its new place only', async () => {
    const { remote, far } = stage.connect(createApi());
    await stage.valueOf(remote.name());
    const moved = await move(far);
    expose({ keep: (callback: () => unknown) => callback() }, moved);
    expect(await stage.valueOf(remote.keep((() => 'called back') as never))).toBe('called back');
  });
});

describe('a port whose caller is transferred', () => {
  it('rejects the calls that were made there, and aborts what runs for them', async () => {
    const aborted: unknown[] = [];
    const { remote, near, far } = stage.connect({
      wait: (signal: AbortSignal) => {
        signal.addEventListener('abort', () => aborted.push((signal.reason as { code: string }).code));
        return never;
      },
      open: () => proxy({}),
    });
    await stage.valueOf(remote.open());
    const call = watched(remote.wait(new AbortController().signal));
    await stage.host.advance(1);
    expect(callStats(far)).toMatchObject({ running: 1, callbacks: 1 });
    await move(near);
    expect(call.error()).toMatchObject({ code: 'ERR_PORT_CLOSED', message: 'the port was transferred' });
    expect(aborted).toEqual(['ERR_PORT_CLOSED']);
    expect(callStats(far)).toMatchObject({ running: 0, callbacks: 0 });
    expect((await stage.errorOf(remote.open())).message).toBe('the port was transferred');
  });

  it('may be wrapped where it arrives, also in a worker', async () => {
    const { remote } = stage.startWorker(() => ({
      ask: async (port: MessagePort) => [await wrap<{ name(): string }>(port).name()],
    }));
    const { near, far } = stage.connect(createApi());
    expect(await stage.valueOf(wrap<{ name(): string }>(near).name())).toBe('first');
    expect(await stage.valueOf(remote.ask(transfer(near, [near])))).toEqual(['first']);
    expect(callStats(far)).toMatchObject({ running: 0 });
  });
});

describe('a port that is closed', () => {
  it('settles the calls of both ends at once, with the reason of each', async () => {
    const { remote, near, far } = stage.connect(createApi());
    expose({ wait: () => never }, near);
    const calls = [watched(remote.wait()), watched(wrap<{ wait(): void }>(far).wait())];
    await stage.host.advance(1);
    near.close();
    await stage.host.advance(1);
    expect(calls.map((call) => call.error())).toMatchObject([
      { code: 'ERR_PORT_CLOSED', message: 'the port was closed at this end' },
      { code: 'ERR_PORT_CLOSED', message: 'the port was closed at the other end' },
    ]);
    for (const port of [near, far]) {
      const late = await stage.errorOf(wrap<{ wait(): void }>(port).wait());
      expect(late.code).toBe('ERR_PORT_CLOSED');
    }
  });

  it('ends a call that closes it, and what that call waits for', async () => {
    const signals: AbortSignal[] = [];
    const { remote, far } = stage.connect({
      end(signal: AbortSignal) {
        signals.push(signal);
        far.close();
        return never;
      },
    });
    const error = await stage.errorOf(remote.end(new AbortController().signal));
    expect(error.code).toBe('ERR_PORT_CLOSED');
    expect(signals[0]?.aborted).toBe(true);
  });

  it('ends its streams: items that had arrived are given, then the error', async () => {
    const { remote, far } = stage.connect({
      *count() {
        for (let n = 0; n < 3; n++) yield n;
        far.close();
        yield 3;
      },
    });
    const items: unknown[] = [];
    const error = await stage.errorOf(
      (async () => {
        for await (const item of (await remote.count()) as AsyncIterable<number>) items.push(item);
      })(),
    );
    expect([items, error.code]).toEqual([[0, 1, 2], 'ERR_PORT_CLOSED']);
  });

  it('before anything was called rejects the first call', async () => {
    const { near, far } = stage.connect(createApi());
    far.close();
    await stage.host.advance(1);
    expect((await stage.errorOf(wrap<{ name(): string }>(near).name())).code).toBe('ERR_PORT_CLOSED');
  });

  it('closes the ports in calls that cannot arrive', async () => {
    const { remote, far } = stage.connect({ take: (_port: MessagePort) => undefined });
    const { port1, port2 } = new MessageChannel();
    let closes = 0;
    port1.onclose = () => closes++;
    far.close();
    const call = watched(remote.take(transfer(port2, [port2])));
    await stage.host.runUntilIdle();
    expect(call.error().code).toBe('ERR_PORT_CLOSED');
    expect(closes).toBe(1);
  });

  it('because it is sent through itself, or through its other end, rejects the call', async () => {
    const ends = [
      stage.connect({ take: (_port: MessagePort) => 1 }),
      stage.connect({ take: (_port: MessagePort) => 1 }),
    ];
    const moved = [ends[0]!.near, ends[1]!.far];
    const calls = ends.map(({ remote }, at) => watched(remote.take(transfer(moved[at]!, [moved[at]!]))));
    await stage.host.runUntilIdle();
    for (const call of calls) expect(call.error().code).toBe('ERR_PORT_CLOSED');
  });

  it('leaves streams that were not read yet to their end', async () => {
    const { remote, far } = stage.connect(createApi());
    const stream = await stage.valueOf(remote.count());
    far.close();
    await stage.host.advance(1);
    expect((await stage.errorOf(collect(stream as AsyncIterable<number>))).code).toBe('ERR_PORT_CLOSED');
  });
});
