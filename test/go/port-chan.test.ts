import fc from 'fast-check';
import { MessageChannel as NativeChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MessageChannel } from '../../src/channel/message-port.js';
import { highWaterMark } from '../../src/channel/send-window.js';
import { structuredClone } from '../../src/codec/clone.js';
import { AbortController } from '../../src/core/abort.js';
import { Chan, PortChan, from, go, select, sleep, to } from '../../src/go.js';
import type { PortLike } from '../../src/go.js';
import { createLinkedEnds, createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';
import { runs, timeoutMs } from '../deep/scale.js';
import { linkPorts, settleWire, wirePorts } from './linked-ports.js';

let host: VirtualHost;
let uninstall: () => void;

beforeEach(() => {
  host = createVirtualHost();
  uninstall = host.install();
});

afterEach(() => {
  host.assertClean();
  uninstall();
});

/** How far a promise is; looks at it from now on. */
function look(promise: PromiseLike<unknown>): { state: 'waits' | 'done' | 'failed'; value: unknown } {
  const seen = { state: 'waits' as 'waits' | 'done' | 'failed', value: undefined as unknown };
  promise.then(
    (value) => Object.assign(seen, { state: 'done', value }),
    (value: unknown) => Object.assign(seen, { state: 'failed', value }),
  );
  return seen;
}

/** Receives what is there and what comes for it, until `count` values are had. */
async function receive(chan: PortChan<unknown>, count: number): Promise<unknown[]> {
  const values: unknown[] = [];
  for (let n = 0; n < count; n++) {
    const got = look(chan.recv());
    await host.runUntilIdle();
    values.push((got.value as { readonly value: unknown }).value);
  }
  return values;
}

const megabyte = 2 ** 20;
const big = (n: number): { n: number; text: string } => ({ n, text: 'x'.repeat(megabyte) });

describe('a PortChan', () => {
  it('leads values to another thread and back, in order, and closes', async () => {
    const { near, far, ends } = await linkPorts(host);
    const [here, there] = [new PortChan<number>(near), new PortChan<number>(far)];
    go(function* () {
      for (;;) {
        const got = yield* there.recv();
        if (!got.ok) return;
        yield there.send(got.value * 2);
      }
    });
    const got: number[] = [];
    const reading = go(async () => {
      for await (const value of here) {
        got.push(value);
        if (got.length === 3) here.close();
      }
    });
    for (const n of [1, 2, 3]) await Promise.all([here.send(n), host.runUntilIdle()]);
    await host.runUntilIdle();
    await reading.done;
    expect(got).toEqual([2, 4, 6]);
    expect([here.closed, there.closed]).toEqual([true, true]);
    expect(ends.map(({ link }) => link.size)).toEqual([1, 1]);
  });

  it('gives what came before the close, then ok: false, again and again', async () => {
    const { near, far } = await linkPorts(host);
    const [here, there] = [new PortChan<number>(near), new PortChan<number>(far)];
    expect(there.tryRecv()).toBe(undefined);
    const waiting = [look(there.recv()), look(there.recv())];
    for (let n = 0; n < 3; n++) expect(here.trySend(n)).toBe(true);
    here.close();
    await host.runUntilIdle();
    expect(waiting.map(({ value }) => value)).toEqual([
      { value: 0, ok: true },
      { value: 1, ok: true },
    ]);
    expect(there.closed).toBe(true);
    expect(there.tryRecv()).toEqual({ value: 2, ok: true });
    const none = { value: undefined, ok: false };
    expect([there.tryRecv(), there.tryRecv()]).toEqual([none, none]);
    const last = look(there.recv());
    await host.runUntilIdle();
    expect(last.value).toEqual(none);
  });

  it('fails to send on what either end has closed, and to close twice', async () => {
    const { near, far } = await linkPorts(host);
    const [here, there] = [new PortChan(near), new PortChan(far)];
    const receiving = look(here.recv());
    here.close();
    const sending = look(here.send(1));
    await host.runUntilIdle();
    expect(receiving.value).toEqual({ value: undefined, ok: false });
    expect(sending).toMatchObject({ state: 'failed', value: { code: 'ERR_CHAN_CLOSED' } });
    expect(() => there.trySend(1)).toThrow(expect.objectContaining({ code: 'ERR_CHAN_CLOSED' }));
    expect(() => here.close()).toThrow(expect.objectContaining({ code: 'ERR_CHAN_CLOSED' }));
    // That the other end was first is no mistake.
    there.close();
  });

  it('waits with sending while what is under way is not received', async () => {
    const { near, far } = await linkPorts(host);
    const [here, there] = [new PortChan(near), new PortChan<{ n: number }>(far)];
    let sent = 0;
    go(function* () {
      for (let n = 0; n < 12; n++) {
        yield here.send(big(n));
        sent++;
      }
      here.close();
    });
    await host.runUntilIdle();
    // What fits, and one that waits in the port.
    expect(sent).toBe(highWaterMark / megabyte + 1);
    expect(here.trySend(0 as never)).toBe(false);
    const got: number[] = [];
    for (let n = 0; n < 12; n++) {
      const one = look(there.recv());
      await host.runUntilIdle();
      got.push((one.value as { value: { n: number } }).value.n);
      expect(sent - got.length).toBeLessThanOrEqual(highWaterMark / megabyte + 1);
    }
    expect(got).toEqual(Array.from({ length: 12 }, (_, n) => n));
    expect(there.tryRecv()).toEqual({ value: undefined, ok: false });
  });

  it('takes back a send that is aborted while it waits, with what it would have moved', async () => {
    const { near, far } = await linkPorts(host);
    const [here, there] = [
      new PortChan<unknown>(near),
      new PortChan<{ n?: number; bytes?: ArrayBuffer }>(far),
    ];
    while (here.trySend(big(0)));
    const controller = new AbortController();
    const bytes = new ArrayBuffer(8);
    const aborted = look(here.send({ bytes }, { transfer: [bytes], signal: controller.signal }));
    const routine = go(function* () {
      yield here.send(big(1));
    });
    const kept = look(here.send({ bytes }, { transfer: [bytes] }));
    await host.runUntilIdle();
    controller.abort('enough');
    routine.cancel();
    await receive(there, 5);
    expect(aborted).toEqual({ state: 'failed', value: 'enough' });
    expect(kept.state).toBe('done');
    const got = there.tryRecv();
    expect(got?.value?.bytes?.byteLength).toBe(8);
    expect(there.tryRecv()).toBe(undefined);
    here.close();
    await host.runUntilIdle();
  });

  it('loses nothing when receives are aborted, and gives what was handed over', async () => {
    const { near, far } = await linkPorts(host);
    const [here, there] = [new PortChan<number>(near), new PortChan<number>(far)];
    const controller = new AbortController();
    const first = look(there.recv({ signal: controller.signal }));
    const second = look(there.recv());
    controller.abort('enough');
    here.trySend(1);
    here.trySend(2);
    await host.runUntilIdle();
    expect([first.value, second.value]).toEqual(['enough', { value: 1, ok: true }]);
    expect(there.tryRecv()).toEqual({ value: 2, ok: true });
    here.close();
    await host.runUntilIdle();
  });

  it('fails senders that wait when the other end is closed, whatever waits here to be received', async () => {
    const { near, far } = await linkPorts(host);
    const [here, there] = [new PortChan<unknown>(near), new PortChan<unknown>(far)];
    there.trySend('unread');
    while (here.trySend(big(0)));
    // More than the credit lets go that comes back for what is dropped there.
    const waiting = Array.from({ length: 10 }, (_, n) => look(here.send(big(n))));
    await host.runUntilIdle();
    expect(waiting.every(({ state }) => state === 'waits')).toBe(true);
    there.close();
    await host.runUntilIdle();
    expect(waiting[9]).toMatchObject({ state: 'failed', value: { code: 'ERR_CHAN_CLOSED' } });
    expect(waiting.some(({ state }) => state === 'waits')).toBe(false);
    expect(here.tryRecv()).toEqual({ value: 'unread', ok: true });
    await host.runUntilIdle();
  });

  it('refuses what cannot be cloned: now, or when its turn comes', async () => {
    const { near, far } = await linkPorts(host);
    const [here, there] = [new PortChan<unknown>(near), new PortChan<unknown>(far)];
    const now = look(here.send(() => undefined));
    while (here.trySend(big(0)));
    const later = look(here.send(() => undefined));
    const after = look(here.send('after'));
    await host.runUntilIdle();
    expect([now, later.state]).toMatchObject([
      { state: 'failed', value: { name: 'DataCloneError' } },
      'waits',
    ]);
    await receive(there, 5);
    expect(later).toMatchObject({ state: 'failed', value: { name: 'DataCloneError' } });
    expect([after.state, there.tryRecv()?.value]).toEqual(['done', 'after']);
    here.close();
    await host.runUntilIdle();
  });

  it('fails one receive with a message that cannot be read, waiting or not, and one select', async () => {
    const { near, far } = await linkPorts(host, {
      faults(message) {
        const text = JSON.stringify(message);
        return text.includes('BREAK')
          ? { replaceWith: JSON.parse(text.split('~p0').join('~p7')) }
          : undefined;
      },
    });
    const [here, there] = [new PortChan<unknown>(near), new PortChan<unknown>(far)];
    const breakOne = (): void => {
      const { port1, port2 } = new MessageChannel();
      here.trySend(['BREAK', port2], { transfer: [port2] });
      port1.close();
    };
    const waiting = [look(there.recv()), look(select({ port: from(far) })), look(there.recv())];
    breakOne();
    breakOne();
    here.trySend('fine');
    for (let n = 0; n < 3; n++) breakOne();
    here.trySend('fine, too');
    await host.runUntilIdle();
    expect(waiting.map(({ state }) => state)).toEqual(['failed', 'failed', 'done']);
    const next = [look(there.recv()), look(select({ port: from(far) }))];
    expect(() => there.tryRecv()).toThrow();
    next.push(look(there.recv()));
    await host.runUntilIdle();
    expect(next.map(({ state }) => state)).toEqual(['failed', 'failed', 'done']);
    here.close();
    await host.runUntilIdle();
  });

  it('brings ports in its values', async () => {
    const { near, far } = await linkPorts(host);
    const [here, there] = [new PortChan<MessagePortOf>(near), new PortChan<MessagePortOf>(far)];
    const { port1, port2 } = new MessageChannel();
    here.trySend({ reply: port2 }, { transfer: [port2] });
    const routine = go(function* () {
      const got = yield* there.recv();
      if (got.ok) yield new PortChan<string>(got.value.reply).send('here');
    });
    const reply = look(new PortChan<string>(port1).recv());
    await host.runUntilIdle();
    await routine.done;
    expect(reply.value).toEqual({ value: 'here', ok: true });
    port1.close();
    here.close();
    await host.runUntilIdle();
  });

  it('is sent to by a select, which waits for credit', async () => {
    const { near, far } = await linkPorts(host);
    const [here, there] = [new PortChan<unknown>(near), new PortChan<unknown>(far)];
    // The types of `to` name `Chan` alone.
    const target = here as unknown as Chan<unknown>;
    const first = look(select({ first: to(target, big(0)) }));
    while (here.trySend(big(0)));
    const later = look(select({ later: to(target, 'later'), never: from(null) }));
    await host.runUntilIdle();
    expect([first.value, later.state]).toEqual([{ case: 'first' }, 'waits']);
    const got = await receive(there, 6);
    expect([later.value, got[5]]).toEqual([{ case: 'later' }, 'later']);
    there.close();
    await host.runUntilIdle();
    const failed = look(select({ late: to(target, 1) }));
    await host.runUntilIdle();
    expect(failed).toMatchObject({ state: 'failed', value: { code: 'ERR_CHAN_CLOSED' } });
  });

  it('refuses what is no port, one with a listener, one that is taken, and listeners afterwards', async () => {
    const invalid = expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' });
    for (const port of [null, undefined, 1, {}, new Chan()])
      expect(() => new PortChan(port as never)).toThrow(invalid);
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => undefined);
    expect(() => new PortChan(port1)).toThrow(invalid);
    const chan = new PortChan(port2);
    expect(() => new PortChan(port2)).toThrow(invalid);
    expect(() => (port2.onmessage = () => undefined)).toThrow(invalid);
    expect(() => port2.start()).toThrow(invalid);
    chan.close();
    await host.runUntilIdle();
  });

  it('ends here when its port is transferred; what waits goes along', async () => {
    const { port1, port2 } = new MessageChannel();
    const chan = new PortChan(port2);
    port1.postMessage(1);
    const moved = structuredClone(port2, { transfer: [port2] });
    expect([chan.closed, chan.tryRecv()]).toEqual([true, { value: undefined, ok: false }]);
    expect(new PortChan(moved).tryRecv()).toEqual({ value: 1, ok: true });
    port1.close();
    await host.runUntilIdle();
  });

  it('ends with its thread', async () => {
    const ends = createLinkedEnds(host, (self) => {
      self.onmessage = ({ data }) => new PortChan((data as { port: PortLike }).port).trySend('up');
    });
    const { port1, port2 } = new MessageChannel();
    ends.worker.onerror = () => undefined;
    ends.worker.postMessage({ port: port2 }, [port2]);
    const chan = new PortChan(port1);
    const [first, second] = [look(chan.recv()), look(chan.recv())];
    await host.runUntilIdle();
    expect(first.value).toEqual({ value: 'up', ok: true });
    ends.kill();
    await host.runUntilIdle();
    expect(second.value).toEqual({ value: undefined, ok: false });
    ends.worker.terminate();
    await host.runUntilIdle();
  });

  it('works over a Worker and its self', async () => {
    const ends = createLinkedEnds(host, (self) => {
      const chan = new PortChan<number>(self);
      go(async () => {
        for await (const n of chan) await chan.send(n + 1);
      });
    });
    const chan = new PortChan<number>(ends.worker);
    await chan.send(1);
    const got = look(chan.recv());
    await host.runUntilIdle();
    expect(got.value).toEqual({ value: 2, ok: true });
    ends.worker.terminate();
    const end = look(chan.recv());
    await host.runUntilIdle();
    expect(end.value).toEqual({ value: undefined, ok: false });
    expect(chan.closed).toBe(true);
  });
});

interface MessagePortOf {
  readonly reply: PortLike;
}

describe('from(port)', () => {
  it('receives messages in a select, and the close', async () => {
    const { port1, port2 } = new MessageChannel();
    const got: unknown[] = [];
    const routine = go(function* () {
      for (;;) {
        const one = yield* select({ message: from<string>(port2) });
        got.push(one);
        if (!one.ok) return;
      }
    });
    port1.postMessage('a');
    port1.postMessage('b');
    port1.close();
    await host.runUntilIdle();
    await routine.done;
    expect(got).toEqual([
      { case: 'message', value: 'a', ok: true },
      { case: 'message', value: 'b', ok: true },
      { case: 'message', value: undefined, ok: false },
    ]);
  });

  it('leaves unread what no select waits for, so no credit is given for it', async () => {
    const { near, far } = await linkPorts(host);
    const source = from(far);
    for (let n = 0; n < 8; n++) near.postMessage(big(n));
    await host.runUntilIdle();
    const before = near.bufferedAmount;
    expect(before).toBeGreaterThan(3 * megabyte);
    const quit = new Chan();
    quit.close();
    // Another case happens: nothing is taken.
    for (let n = 0; n < 20; n++) {
      const got = await Promise.all([select({ quit: from(quit), none: from(null) }), host.runUntilIdle()]);
      expect(got[0].case).toBe('quit');
    }
    expect(near.bufferedAmount).toBe(before);
    for (let n = 0; n < 4; n++) {
      const got = look(select({ source }));
      await host.runUntilIdle();
      expect(got.value).toMatchObject({ value: { n } });
    }
    expect(near.bufferedAmount).toBeLessThan(before);
    near.close();
    for (let n = 0; n < 4; n++) expect(look(select({ source })).state).toBe('waits');
    await host.runUntilIdle();
  });

  it('serves all that wait for one port in the order of coming', async () => {
    const { port1, port2 } = new MessageChannel();
    const chan = new PortChan<number>(port2);
    const waiting = [
      look(select({ a: from(port2), late: from(null) })),
      look(chan.recv()),
      look(select({ b: from(chan) })),
    ];
    for (let n = 0; n < 3; n++) port1.postMessage(n);
    await host.runUntilIdle();
    expect(waiting.map(({ value }) => (value as { value: number }).value)).toEqual([0, 1, 2]);
    port1.close();
    await host.runUntilIdle();
  });

  it('leaves nothing behind in 10,000 selects that another case wins', async () => {
    const { port1, port2 } = new MessageChannel();
    const chan = new Chan<number>();
    let lost = 0;
    const routine = go(function* () {
      for (let n = 0; n < 10_000; n++) {
        const got = yield* select({ chan: from(chan), port: from(port2) });
        if (got.case === 'port') lost++;
      }
    });
    go(function* () {
      for (let n = 0; n < 10_000; n++) yield chan.send(n);
    });
    await host.runUntilIdle();
    await routine.done;
    port1.postMessage('kept');
    expect(lost).toBe(0);
    expect(new PortChan(port2).tryRecv()).toEqual({ value: 'kept', ok: true });
    port1.close();
    await host.runUntilIdle();
  });

  it('takes the messages of a port of the platform as they come', async () => {
    const { port1, port2 } = new NativeChannel();
    const port = port2 as unknown as PortLike;
    const source = from<number>(port);
    port1.postMessage(1);
    port1.postMessage(2);
    const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
    await turn();
    const first = look(select({ source }));
    await host.runUntilIdle();
    expect(first.value).toEqual({ case: 'source', value: 1, ok: true });
    expect(new PortChan(port).tryRecv()).toEqual({ value: 2, ok: true });
    const last = look(select({ port: from(port) }));
    port1.close();
    await turn();
    await host.runUntilIdle();
    expect(last.value).toEqual({ case: 'port', value: undefined, ok: false });
  });

  it('refuses anything else', () => {
    for (const other of [1, 'port', {}, { postMessage() {} }])
      expect(() => from(other as never)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }));
  });
});

type Step =
  | { readonly kind: 'send'; readonly kilobytes: number; readonly waits: boolean }
  | { readonly kind: 'receive'; readonly how: 'recv' | 'select' | 'try' }
  | { readonly kind: 'abortSend' | 'abortReceive'; readonly pick: number }
  | { readonly kind: 'deliver'; readonly side: 0 | 1 }
  | { readonly kind: 'run' };

const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('send' as const),
        kilobytes: fc.constantFrom(0, 1, 700, 1500, 5000),
        waits: fc.boolean(),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('receive' as const),
        how: fc.constantFrom('recv' as const, 'select' as const, 'try' as const),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constantFrom('abortSend' as const, 'abortReceive' as const),
        pick: fc.nat(9),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('deliver' as const),
        side: fc.constantFrom(0 as const, 1 as const),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('run' as const) }) },
  ),
  { minLength: 20, maxLength: 80 },
);

interface Item {
  readonly n: number;
  readonly bytes: ArrayBuffer;
}

/** What a random history came to. */
class History {
  /** What was sent, by the order in which sending began. */
  readonly sent: number[] = [];
  /** What was received, by the order in which receiving began. */
  readonly received: { readonly at: number; readonly n: number }[] = [];
  readonly failures: unknown[] = [];
  private outstanding = 0;
  private nextSend = 0;
  private nextReceive = 0;
  /** Those whose buffer has not left. */
  private readonly unsent = new Map<Item, number>();
  private readonly sends: AbortController[] = [];
  private readonly receives: AbortController[] = [];
  private readonly linked = wirePorts(host);
  private readonly sender = new PortChan<Item>(this.linked.near);
  private readonly receiver = new PortChan<Item>(this.linked.far);

  apply(step: Step): void {
    if (step.kind === 'send') this.send(step.kilobytes * 1024, step.waits);
    else if (step.kind === 'receive') this.receive(step.how);
    else if (step.kind === 'deliver') this.linked.wire.ways[step.side].shift()?.();
    else if (step.kind === 'run') host.runUntilIdleSync();
    else {
      const list = step.kind === 'abortSend' ? this.sends : this.receives;
      list[step.pick % Math.max(1, list.length)]?.abort('aborted');
    }
  }

  /** Bytes that are under way, and those that wait in the port. */
  amounts(): { readonly underWay: number; readonly waiting: number } {
    this.countSent();
    const waiting = this.linked.near.bufferedAmount;
    return { underWay: this.outstanding - waiting, waiting };
  }

  /** Receives all that is left. */
  async finish(): Promise<void> {
    await this.settle();
    this.receives.forEach((each) => each.abort('aborted'));
    const rest = go(async () => {
      for await (const item of this.receiver) this.take(this.nextReceive++, item);
    });
    await this.settle();
    this.sender.close();
    await this.settle();
    await rest.done;
    expect(this.linked.ends.map(({ link }) => link.size)).toEqual([1, 1]);
  }

  private async settle(): Promise<void> {
    for (let left = 200; left > 0; left--) {
      settleWire(host, this.linked.wire);
      await host.runUntilIdle();
      if (this.linked.wire.ways.every(({ length }) => length === 0)) return;
    }
    expect.unreachable('it never comes to rest');
  }

  private send(length: number, waits: boolean): void {
    const { sender, sent } = this;
    const create = (): Item => {
      const item = { n: this.nextSend++, bytes: new ArrayBuffer(length) };
      this.unsent.set(item, length);
      return item;
    };
    if (!waits) {
      const item = create();
      if (sender.trySend(item, { transfer: [item.bytes] })) sent.push(item.n);
      return;
    }
    const controller = new AbortController();
    this.sends.push(controller);
    go(function* () {
      const item = create();
      yield sender.send(item, { transfer: [item.bytes], signal: controller.signal });
      sent.push(item.n);
    }).done.catch((error) => this.fail(error));
  }

  private receive(how: 'recv' | 'select' | 'try'): void {
    const { receiver, linked } = this;
    if (how === 'try') {
      const got = receiver.tryRecv();
      if (got?.ok) this.take(this.nextReceive++, got.value);
      return;
    }
    const controller = new AbortController();
    this.receives.push(controller);
    const options = { signal: controller.signal };
    const begin = (): number => this.nextReceive++;
    go(function* () {
      const at = begin();
      const { value, ok } =
        how === 'recv'
          ? yield* receiver.recv(options)
          : yield* select({ port: from<Item>(linked.far), never: from(null) }, options);
      return { at, value: value as Item, ok };
    }).done.then(
      ({ at, value, ok }) => ok && this.take(at, value),
      (error: unknown) => this.fail(error),
    );
  }

  private take(at: number, { n, bytes }: Item): void {
    this.countSent();
    this.received.push({ at, n });
    this.outstanding -= bytes.byteLength;
  }

  /** A buffer that is detached has left. */
  private countSent(): void {
    this.unsent.forEach((length, item) => {
      if (item.bytes.byteLength === length) return;
      this.unsent.delete(item);
      this.outstanding += length;
    });
  }

  private fail(error: unknown): void {
    if (error !== 'aborted') this.failures.push(error);
  }
}

describe('a bridge between two threads', () => {
  it(
    'loses nothing, keeps the order and bounds what is under way, in any interleaving (property)',
    async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (history) => {
          const all = new History();
          const largest = 5000 * 1024 + 200;
          for (const step of history) {
            all.apply(step);
            // Promise jobs, so that whoever was given something has it.
            for (let n = 0; n < 8; n++) await Promise.resolve();
            const { underWay, waiting } = all.amounts();
            expect(underWay).toBeLessThanOrEqual(highWaterMark + largest);
            expect(waiting).toBeLessThanOrEqual(largest);
          }
          await all.finish();
          expect(all.failures).toEqual([]);
          const received = all.received.sort((a, b) => a.at - b.at).map(({ n }) => n);
          expect(received).toEqual(all.sent.sort((a, b) => a - b));
        }),
        runs(60, 2000),
      );
    },
    timeoutMs,
  );
});

describe('who waits', () => {
  it('is served in linear time, 20,000 of them', async () => {
    const { port1, port2 } = new MessageChannel();
    const chan = new PortChan<number>(port2);
    let sum = 0;
    for (let n = 0; n < 20_000; n++)
      go(function* () {
        const got = yield* chan.recv();
        if (got.ok) sum += got.value;
      });
    await host.runUntilIdle();
    for (let n = 0; n < 20_000; n++) port1.postMessage(n);
    await host.runUntilIdle();
    expect(sum).toBe((20_000 * 19_999) / 2);
    await Promise.all([sleep(1), host.runUntilIdle()]);
    port1.close();
    await host.runUntilIdle();
  });
});
