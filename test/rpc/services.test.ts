import { describe, expect, it } from 'vitest';
import { MessageChannel } from '../../src/channel/message-port.js';
import { AbortController } from '../../src/core/abort.js';
import { expose, provide } from '../../src/rpc/expose.js';
import { withOptions } from '../../src/rpc/remote.js';
import { callStats, service, wrap } from '../../src/rpc/wrap.js';
import { CallStage, watched } from './call-stage.js';

const stage = CallStage.perTest();

interface Counting {
  next(): number;
}

function counting(): Counting {
  let count = 0;
  return { next: () => ++count };
}

function channel() {
  const { port1, port2 } = new MessageChannel();
  return { near: stage.watch(port1), far: stage.watch(port2) };
}

describe('a service', () => {
  it('is called by its name, beside others and what has no name', async () => {
    const { near, far } = channel();
    provide('a', { name: () => 'a' }, far);
    provide('b', { name: () => 'b' }, far);
    expose({ name: () => 'root' }, far);
    type Named = { name(): string };
    const calls = [
      service<Named>('b', near).name(),
      wrap<Named>(near).name(),
      service<Named>('a', near).name(),
    ];
    expect(await stage.valueOf(Promise.all(calls))).toEqual(['b', 'root', 'a']);
  });

  it('may be provided by both ends', async () => {
    const { near, far } = channel();
    provide('clock', { read: () => 'near' }, near);
    provide('clock', { read: () => 'far' }, far);
    const read = (port: typeof near) => service<{ read(): string }>('clock', port).read();
    expect(await stage.valueOf(Promise.all([read(near), read(far)]))).toEqual(['far', 'near']);
  });

  it('is waited for by calls that come before it, and answers them in their order', async () => {
    const { near, far } = channel();
    wrap(far);
    const remote = service<Counting>('counting', near);
    const calls = [remote.next(), remote.next(), remote.next()].map(watched);
    await stage.host.advance(9999);
    expect(calls.map(({ state }) => state)).toEqual(['pending', 'pending', 'pending']);
    expect(callStats(far).running).toBe(3);
    provide('counting', counting(), far);
    await stage.host.runUntilIdle();
    expect(calls.map((call) => call.value())).toEqual([1, 2, 3]);
    expect(stage.host.time.now()).toBe(9999);
  });

  it('is waited for without a limit of time where nobody listens at the other end at all', async () => {
    const { near, far } = channel();
    const call = watched(service<Counting>('counting', near).next());
    await stage.host.advance(60_000);
    expect(call.state).toBe('pending');
    provide('counting', counting(), far);
    await stage.host.runUntilIdle();
    expect(call.value()).toBe(1);
  });

  it('is waited for without keeping calls of others from their answers, or itself from its own', async () => {
    const { near, far } = channel();
    expose({ ping: () => 'pong' }, far);
    const early = watched(service<Counting>('counting', near).next());
    const other = watched(wrap<{ ping(): string }>(near).ping());
    await stage.host.advance(10);
    expect(other.value()).toBe('pong');
    provide('counting', counting(), far);
    await stage.host.runUntilIdle();
    expect(early.value()).toBe(1);
  });

  it('that never comes is an error within ten seconds in the foreground, which names those that are there', async () => {
    const { near, far } = channel();
    provide('search', {}, far);
    provide('images', {}, far);
    expose({}, far);
    const call = watched(service<Counting>('serch', near).next());
    await stage.host.advance(5000);
    const later = watched(service<Counting>('serch', near).next());
    stage.host.hide();
    await stage.host.advance(3_600_000);
    stage.host.show();
    await stage.host.advance(4999);
    expect([call.state, later.state]).toEqual(['pending', 'pending']);
    await stage.host.advance(1);
    expect(call.error()).toMatchObject({
      name: 'LanesError',
      code: 'ERR_CALL_NOT_FOUND',
      value: 'serch',
      message: '"serch" is not provided at the other end, which provides "search", "images"',
    });
    expect(later.error().code).toBe('ERR_CALL_NOT_FOUND');
  });

  it('that is exposed nowhere is told of without names', async () => {
    const { near, far } = channel();
    provide('only', {}, far);
    const error = await stage.errorOf(wrap<Counting>(near).next());
    expect(error).toMatchObject({
      code: 'ERR_CALL_NOT_FOUND',
      message: 'nothing is exposed at the other end, which provides "only"',
    });
    const other = channel();
    wrap(other.far);
    expect((await stage.errorOf(wrap<Counting>(other.near).next())).message).toBe(
      'nothing is exposed at the other end',
    );
  });

  it('is not begun by a call that was aborted while it waited, of which no timer is left', async () => {
    const { near, far } = channel();
    wrap(far);
    const controller = new AbortController();
    const call = watched(
      withOptions(service<Counting>('counting', near), { signal: controller.signal }).next(),
    );
    await stage.host.advance(10);
    expect([callStats(far).running, stage.host.armed().timer]).toEqual([1, 1]);
    controller.abort('enough');
    await stage.host.advance(0);
    expect(call.error()).toBe('enough');
    expect([callStats(far).running, stage.host.armed().timer]).toEqual([0, 0]);
    const api = counting();
    provide('counting', api, far);
    await stage.host.runUntilIdle();
    expect(api.next()).toBe(1);
  });

  it('still waits for others where one of two calls for it is aborted', async () => {
    const { near, far } = channel();
    wrap(far);
    const controller = new AbortController();
    const remote = service<Counting>('counting', near);
    const [aborted, other] = [withOptions(remote, { signal: controller.signal }).next(), remote.next()].map(
      watched,
    );
    await stage.host.advance(10);
    controller.abort('enough');
    await stage.host.advance(10);
    provide('counting', counting(), far);
    await stage.host.runUntilIdle();
    expect([aborted?.error(), other?.value()]).toEqual(['enough', 1]);
  });

  it('is not waited for any more when the way to it ends', async () => {
    const { near, far } = channel();
    wrap(far);
    const call = watched(service<Counting>('counting', near).next());
    await stage.host.advance(10);
    far.close();
    await stage.host.advance(0);
    expect(call.error().code).toBe('ERR_PORT_CLOSED');
    expect(stage.host.armed().timer).toBe(0);
  });

  it('ends when it is stopped: what runs is aborted, what comes then waits for the next of that name', async () => {
    const { near, far } = channel();
    const stop = provide('s', { wait: () => new Promise<never>(() => undefined) }, far);
    const remote = service<{ wait(): Promise<string> }>('s', near);
    const under = watched(remote.wait());
    await stage.host.advance(0);
    stop();
    stop();
    await stage.host.advance(0);
    expect(under.error().code).toBe('ERR_CALL_RELEASED');
    const late = watched(remote.wait());
    await stage.host.advance(0);
    provide('s', { wait: () => 'of the next' }, far);
    stop();
    await stage.host.runUntilIdle();
    expect(late.value()).toBe('of the next');
  });

  it('that stops leaves alone what the same object answers by another name', async () => {
    const { near, far } = channel();
    const api = {
      later: () => new Promise<string>((done) => stage.host.time.setTimer(() => done('here'), 10)),
    };
    const stop = provide('a', api, far);
    provide('b', api, far);
    const [a, b] = ['a', 'b'].map((name) => watched(service<typeof api>(name, near).later()));
    await stage.host.advance(0);
    stop();
    await stage.host.runUntilIdle();
    expect(a?.error().code).toBe('ERR_CALL_RELEASED');
    expect(b?.value()).toBe('here');
  });

  it('has one object a name, and a name of 1 to 1024 characters', () => {
    const { far } = channel();
    provide('x', {}, far);
    expect(() => provide('x', {}, far)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', value: 'x' }),
    );
    expose({}, far);
    expect(() => expose({}, far)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }));
    for (const name of ['', 'n'.repeat(1025), 5 as never, undefined as never]) {
      const refusal = expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', value: name });
      expect(() => provide(name, {}, far)).toThrow(refusal);
      expect(() => service(name, far)).toThrow(refusal);
    }
    expect(() => provide('n'.repeat(1024), {}, far)).not.toThrow();
    expect(() => provide('y', 5 as never, far)).toThrow(TypeError);
    expect(() => provide('y', {}, {} as never)).toThrow(TypeError);
  });

  it('of a page is there for each thread of its worker', async () => {
    const storage = counting();
    const { worker, remote } = stage.startWorker((thread, scope) => ({
      async ask() {
        return [thread, await service<Counting>('storage', scope).next()];
      },
    }));
    provide('storage', storage, worker);
    expect(await stage.valueOf(remote.ask())).toEqual([1, 1]);
    stage.kill();
    await stage.host.runUntilIdle();
    expect(await stage.valueOf(remote.ask())).toEqual([2, 2]);
  });

  it('of a thread that died is waited for in the next one', async () => {
    const { worker, scopes } = stage.startWorker(() => ({}));
    await stage.host.runUntilIdle();
    provide('s', { name: () => 'first' }, scopes[0]!);
    const remote = service<{ name(): string }>('s', worker);
    expect(await stage.valueOf(remote.name())).toBe('first');
    stage.kill();
    const call = watched(remote.name());
    await stage.host.advance(200);
    expect(call.state).toBe('pending');
    provide('s', { name: () => 'second' }, scopes[1]!);
    await stage.host.runUntilIdle();
    expect(call.value()).toBe('second');
  });
});
