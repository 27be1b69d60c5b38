import { describe, expect, it } from 'vitest';
import { controlSteps } from '../../src/channel/control-form.js';
import { MessageChannel } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
import { expose } from '../../src/rpc/expose.js';
import { wrap } from '../../src/rpc/wrap.js';
import { Stage, echoing } from './stage.js';

const stage = Stage.perTest();

describe('a worker that is not used', () => {
  it('is stopped after its time-out, and starts again with the next message', async () => {
    const worker = stage.start(echoing(), { idleTimeoutMs: 1000 });
    stage.hear(worker);
    expect(await stage.heardIn(999)).toEqual(['ready']);
    expect(await stage.heardIn(1)).toEqual(['idle']);
    expect(stage.thread.live).toBe(false);
    expect(worker.health).toEqual({ silentMs: Infinity, roundTripMs: null });
    expect(stage.host.armed()).toEqual({ macrotask: 0, timer: 0, background: 0, idle: 0, message: 0 });
    expect(await stage.heardIn(3_600_000)).toEqual([]);
    worker.postMessage('again');
    expect(await stage.heardIn(100)).toEqual(['starting', 'ready', 'got [2,"again"]']);
    // 100 ms into a wait of 250 ms something was used: four whole ones follow.
    expect(await stage.heardIn(1149)).toEqual([]);
    expect(await stage.heardIn(1)).toEqual(['idle']);
  });

  it('is kept by messages of either side', async () => {
    let thread: { postMessage(message: unknown): void } | null = null;
    const worker = stage.start((scope) => void (thread = scope), { idleTimeoutMs: 1000 });
    worker.onmessage = () => undefined;
    for (let n = 0; n < 10; n++) {
      await stage.host.advance(900);
      if (n % 2 === 0) worker.postMessage(n);
      else thread!.postMessage(n);
    }
    expect(stage.host.takeLog()).toEqual(['ready']);
    await stage.host.advance(2000);
    expect(worker.state).toBe('idle');
    await stage.end(worker);
  });

  it('is kept by calls, however long they take, and starts again for one', async () => {
    let finish: (() => void) | null = null;
    const api = {
      wait: () => new Promise<void>((resolve) => (finish = resolve)),
      double: (n: number) => 2 * n,
    };
    const worker = stage.start((scope) => void expose(api, scope), { idleTimeoutMs: 1000 });
    const remote = wrap<typeof api>(worker);
    const long = remote.wait();
    await stage.host.advance(10_000);
    expect(worker.state).toBe('ready');
    finish!();
    for (let n = 0; n < 10; n++) {
      await stage.host.advance(900);
      void remote.double(n);
    }
    await long;
    expect(stage.host.takeLog()).toEqual(['ready']);
    await stage.host.advance(2000);
    expect(stage.host.takeLog()).toEqual(['idle']);
    const again = remote.double(21);
    expect(await stage.heardIn(0)).toEqual(['starting', 'ready']);
    expect(await again).toBe(42);
    await stage.end(worker);
  });

  it('tells calls, which lose nothing', async () => {
    const worker = stage.start(echoing(), { idleTimeoutMs: 1000 });
    stage.control(worker);
    await stage.host.advance(1000);
    const log = ['control resumed', 'ready', 'control interrupted ERR_WORKER_CLOSED, certainly', 'idle'];
    expect(stage.host.takeLog()).toEqual(log);
    worker[controlSteps].wake?.();
    expect(await stage.heardIn(0)).toEqual(['starting', 'control resumed', 'ready']);
    await stage.end(worker);
  });

  it('is kept by an open port', async () => {
    const ports: MessagePort[] = [];
    const worker = stage.start(
      (scope) => {
        scope.onmessage = ({ ports: brought }) => ports.push(...(brought as readonly MessagePort[]));
      },
      { idleTimeoutMs: 1000 },
    );
    const { port1, port2 } = new MessageChannel();
    worker.postMessage(null, [port2]);
    await stage.host.advance(10_000);
    expect(worker.state).toBe('ready');
    port1.close();
    await stage.host.advance(2000);
    expect(worker.state).toBe('idle');
    stage.host.takeLog();
  });

  it('can be ended while it is stopped', async () => {
    const worker = stage.start(echoing(), { idleTimeoutMs: 1000 });
    await stage.host.advance(2000);
    worker.terminate();
    expect(await stage.heard()).toEqual(['ready', 'idle', 'closed', 'close']);
    worker.postMessage('nobody hears');
    expect(stage.host.workers).toHaveLength(1);
  });

  it('leaves the place for another where one may live', async () => {
    const worker = stage.start(echoing(), { idleTimeoutMs: 1000 });
    await stage.host.advance(2000);
    const other = stage.start(echoing());
    await stage.host.runUntilIdle();
    expect([worker.state, other.state]).toEqual(['idle', 'ready']);
    await stage.end(other);
    await stage.end(worker);
  });

  it('goes on waiting for who asks for it to be there', async () => {
    const worker = stage.start(echoing(), { idleTimeoutMs: 1000 });
    await stage.host.advance(1000);
    const { ready } = worker;
    expect(worker.state).toBe('starting');
    await stage.host.advance(0);
    await ready;
    expect(worker.state).toBe('ready');
    // Nobody used it after all.
    await stage.host.advance(999);
    expect(worker.state).toBe('ready');
    await stage.host.advance(1);
    expect(worker.state).toBe('idle');
    await stage.end(worker);
  });

  it('is kept by what waits until it takes what came before', async () => {
    const worker = stage.start(() => undefined, { idleTimeoutMs: 1000 });
    const part = 'x'.repeat(1 << 20);
    for (let n = 0; n < 6; n++) worker.postMessage(part);
    await stage.host.advance(10_000);
    expect(worker[controlSteps].bufferedAmount).toBeGreaterThan(0);
    expect(worker.state).toBe('ready');
    await stage.end(worker);
  });

  it('has one more chance where it does not come up again', async () => {
    const worker = stage.start(echoing(), { idleTimeoutMs: 1000 });
    stage.hear(worker);
    await stage.host.advance(1000);
    stage.host.takeLog();
    stage.host.failStarts(1);
    worker.postMessage('patient');
    const log = ['starting', 'restarting', 'error ERR_WORKER_START', 'ready', 'got [2,"patient"]'];
    expect(await stage.heard()).toEqual(log);
    await stage.end(worker);
  });
});
