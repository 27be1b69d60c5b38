import { describe, expect, it } from 'vitest';
import { controlSteps } from '../../src/channel/control-form.js';
import { sealText } from '../../src/channel/control.js';
import { MessageChannel } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
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

  it('is kept by messages of calls, and by calls that are under way', async () => {
    let isBusy = true;
    let calls = 0;
    const worker = stage.start(
      (scope) => {
        scope[controlSteps].listen({ take: () => calls++, closed: () => undefined });
      },
      { idleTimeoutMs: 1000 },
    );
    stage.control(worker, { isBusy: () => isBusy });
    const control = worker[controlSteps];
    await stage.host.advance(10_000);
    expect(worker.state).toBe('ready');
    isBusy = false;
    for (let n = 0; n < 10; n++) {
      control.post(sealText('any', '"call",0,0,0,0,0'));
      control.flush();
      await stage.host.advance(900);
    }
    expect([worker.state, calls]).toEqual(['ready', 10]);
    stage.host.takeLog();
    await stage.host.advance(2000);
    // Nothing was under way, so what calls are told is no loss.
    expect(stage.host.takeLog()).toEqual(['control interrupted ERR_WORKER_CLOSED, certainly', 'idle']);
    expect(control.isReady).toBe(false);
    control.wake?.();
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
