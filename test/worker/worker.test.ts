import { describe, expect, it } from 'vitest';
import { MessageChannel } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
import { protocolVersion } from '../../src/channel/protocol.js';
import { expose } from '../../src/rpc/expose.js';
import { call } from '../../src/rpc/remote.js';
import { wrap } from '../../src/rpc/wrap.js';
import { Worker } from '../../src/worker/worker.js';
import { Stage, echoing, file } from './stage.js';

const stage = Stage.perTest();

describe('a worker', () => {
  it('gets what was posted before it was there, and answers', async () => {
    const worker = stage.start(echoing());
    stage.hear(worker);
    worker.postMessage('early');
    expect(worker.state).toBe('starting');
    expect(await stage.heard()).toEqual(['ready', 'got [1,"early"]']);
    await worker.ready;
    worker.terminate();
    expect(await stage.heard()).toEqual(['closed', 'close']);
  });

  it('takes a port with its first message', async () => {
    const worker = stage.start((self) => {
      self.onmessage = (event) => {
        const { port } = event.data as { port: MessagePort };
        port.onmessage = ({ data }) => port.postMessage(new Uint8Array(data as ArrayBuffer).length);
      };
    });
    const channel = new MessageChannel();
    worker.postMessage({ type: 'connect', port: channel.port1 }, [channel.port1]);
    channel.port2.onmessage = (event) => stage.host.note(`length ${String(event.data)}`);
    channel.port2.onclose = () => stage.host.note('port closed');
    const bytes = new Uint8Array(5).buffer;
    channel.port2.postMessage(bytes, [bytes]);
    expect(await stage.heard()).toEqual(['ready', 'length 5']);
    worker.terminate();
    expect(await stage.heard()).toEqual(['closed', 'close', 'port closed']);
  });

  it('loses nothing where its code listens late', async () => {
    const worker = stage.start((self) => {
      stage.host.time.setTimer(() => {
        self.onmessage = (event) => stage.host.note(`late ${String(event.data)}`);
      }, 50);
    });
    worker.postMessage(1);
    expect(await stage.heard()).toEqual(['ready', 'late 1']);
    await stage.end(worker);
  });

  it('ends itself with close(), after what it had posted', async () => {
    const worker = stage.start((self) => {
      self.postMessage('last');
      self.close();
    });
    stage.hear(worker);
    expect(await stage.heard()).toEqual(['ready', 'got "last"', 'closed', 'close']);
    expect(await stage.errorOf(worker.ready)).toMatchObject({ code: 'ERR_WORKER_CLOSED' });
  });

  it('tells its end also where nobody listens to what it had posted', async () => {
    stage.start((self) => {
      self.postMessage('unheard');
      self.close();
    });
    expect(await stage.heard()).toEqual(['ready', 'closed', 'close']);
  });

  it('keeps what it had posted for a listener that comes with the news of its end', async () => {
    const worker = stage.start((self) => {
      self.postMessage('last');
      self.close();
    });
    worker.addEventListener('statechange', () => {
      if (worker.state === 'closed') stage.hear(worker);
    });
    expect(await stage.heard()).toEqual(['ready', 'closed', 'got "last"', 'close']);
  });

  it('tells of an uncaught error and lives on', async () => {
    const worker = stage.start(echoing());
    stage.hear(worker);
    await stage.host.runUntilIdle();
    stage.thread.fail(new Error('uncaught'));
    worker.postMessage(null);
    expect(await stage.heard()).toEqual(['ready', 'error uncaught', 'got [1,null]']);
    await stage.end(worker);
    stage.thread.fail(new Error('too late'));
    expect(stage.host.takeLog()).toEqual([]);
  });

  it('throws what cannot be cloned before it is there, too', async () => {
    const worker = stage.start(echoing(), { start: 'lazy' });
    expect(() => worker.postMessage(() => 1)).toThrow(expect.objectContaining({ name: 'DataCloneError' }));
    expect(() => (worker.postMessage as () => void)()).toThrow(TypeError);
    expect(worker.state).toBe('idle');
    await stage.end(worker);
    expect(() => worker.postMessage(() => 1)).toThrow(expect.objectContaining({ name: 'DataCloneError' }));
  });

  it('closes the ports in messages that no thread will get', async () => {
    const worker = stage.start(echoing(), { start: 'lazy' });
    const channels = [new MessageChannel(), new MessageChannel()];
    channels.forEach(({ port1 }, at) => (port1.onclose = () => stage.host.note(`port ${at} closed`)));
    worker.postMessage(null, [channels[0]!.port2]);
    worker.terminate();
    worker.postMessage(null, [channels[1]!.port2]);
    expect((await stage.heard()).sort()).toEqual([
      'close',
      'closed',
      'port 0 closed',
      'port 1 closed',
      'starting',
    ]);
  });

  it.each([
    ['start', 'later', 'start must be "eager" or "lazy", not "later"'],
    ['inline', 'workers/api.js', 'inline must be a function, not "workers/api.js"'],
    ['startTimeoutMs', -1, 'startTimeoutMs must be a number of milliseconds above 0, not -1'],
    ['startTimeoutMs', '5', 'startTimeoutMs must be a number of milliseconds above 0, not "5"'],
    ['heartbeatMs', 0, 'heartbeatMs must be a number of milliseconds above 0, not 0'],
    ['idleTimeoutMs', NaN, 'idleTimeoutMs must be a number of milliseconds above 0, not NaN'],
    ['restart', 3, 'restart must be true, false or an object, not 3'],
    ['restart', null, 'restart must be true, false or an object, not null'],
    ['restart', { budget: 0 }, 'budget must be an integer above 0, not 0'],
    ['restart', { budget: 1.5 }, 'budget must be an integer above 0, not 1.5'],
    ['restart', { windowMs: 0 }, 'windowMs must be a number of milliseconds above 0, not 0'],
    ['restart', { backoffMs: 5001 }, 'backoffMs must be from 0 to 5000 ms, not 5001'],
  ])('refuses %s: %j at once and shows it', (name, value, message) => {
    expect(() => new Worker(file, { [name]: value })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT', message }),
    );
    expect(stage.host.workers).toEqual([]);
  });

  it('refuses what is no file, and options that are none', () => {
    for (const url of [5, '', null, undefined, {}, { href: '' }])
      expect(() => new Worker(url as never)).toThrow(TypeError);
    expect(() => new Worker(file, 5 as never)).toThrow(TypeError);
  });

  it('takes a URL, and hands the host its options', () => {
    const given: unknown[] = [];
    const { threads } = stage.host;
    const createWorker = threads.createWorker.bind(threads);
    threads.createWorker = (url, options) => {
      given.push(url, options);
      return createWorker(url, options);
    };
    const options = { name: 'search', useExperimentalWorker: true } as const;
    stage.define(() => undefined, 'https://example.org/w.js');
    const worker = new Worker({ href: 'https://example.org/w.js' }, options);
    expect(given).toEqual(['https://example.org/w.js', options]);
    worker.terminate();
    return stage.host.runUntilIdle();
  });
});

describe('a worker that is started lazily', () => {
  it('starts with the first message, which waits for it', async () => {
    const worker = stage.start(echoing(), { start: 'lazy' });
    stage.hear(worker);
    expect([worker.state, stage.host.workers.length]).toEqual(['idle', 0]);
    expect(worker.health).toEqual({ silentMs: Infinity, roundTripMs: null });
    expect(await stage.heardIn(100_000)).toEqual([]);
    worker.postMessage(1);
    worker.postMessage(2);
    expect(await stage.heard()).toEqual(['starting', 'ready', 'got [1,1]', 'got [1,2]']);
    await stage.end(worker);
  });

  it('gets first what is posted by who hears that it starts', async () => {
    const worker = stage.start(echoing(), { start: 'lazy' });
    stage.hear(worker);
    worker.addEventListener('statechange', () => {
      if (worker.state === 'starting') worker.postMessage('load');
    });
    worker.postMessage('search');
    expect(await stage.heard()).toEqual(['starting', 'ready', 'got [1,"load"]', 'got [1,"search"]']);
    await stage.end(worker);
  });

  it('drops what woke it where it is ended for that', async () => {
    const worker = stage.start(echoing(), { start: 'lazy' });
    worker.addEventListener('statechange', () => worker.terminate());
    const { port1, port2 } = new MessageChannel();
    port1.onclose = () => stage.host.note('port closed');
    worker.postMessage(null, [port2]);
    expect((await stage.heard()).sort()).toEqual(['close', 'closed', 'port closed', 'starting']);
  });

  it('starts when somebody waits for it', async () => {
    const worker = stage.start(echoing(), { start: 'lazy' });
    const { ready } = worker;
    expect(await stage.heard()).toEqual(['starting', 'ready']);
    await ready;
    await stage.end(worker);
  });

  it('can be ended before it ever started', async () => {
    const worker = stage.start(echoing(), { start: 'lazy' });
    worker.terminate();
    expect(await stage.heard()).toEqual(['closed', 'close']);
    expect(await stage.errorOf(worker.ready)).toMatchObject({ code: 'ERR_WORKER_CLOSED' });
    expect(stage.host.workers).toEqual([]);
  });
});

describe('a worker that cannot start', () => {
  it('fails for a file that does not exist, without a second try', async () => {
    const worker = stage.watch(new Worker('workers/missing.js'));
    stage.control(worker);
    expect(await stage.errorOf(worker.ready)).toMatchObject({ code: 'ERR_WORKER_START' });
    expect(stage.host.takeLog()).toEqual([
      'control closed ERR_WORKER_START',
      'failed',
      'error ERR_WORKER_START',
      'close',
    ]);
    worker.postMessage('nobody hears');
    stage.control(worker);
    expect(await stage.heard()).toEqual(['control closed ERR_WORKER_START']);
    expect(stage.host.workers).toHaveLength(1);
  });

  it('fails where the host refuses, which whoever made it hears', async () => {
    stage.host.failStarts(1);
    const worker = stage.start(echoing());
    expect(worker.state).toBe('starting');
    expect(await stage.heard()).toEqual(['failed', 'error ERR_WORKER_START', 'close']);
    expect(stage.host.workers).toHaveLength(0);
  });

  it('fails where the host allows no second one; the first lives on', async () => {
    const first = stage.start((self) => expose({ add: (a: number, b: number) => a + b }, self));
    const second = stage.watch(new Worker('workers/other.js'));
    const error = await stage.errorOf(second.ready);
    expect(error).toMatchObject({ code: 'ERR_WORKER_BUSY' });
    expect(error.message).toContain('shareWorker');
    expect(stage.host.takeLog().sort()).toEqual(['close', 'error ERR_WORKER_BUSY', 'failed', 'ready']);
    const sum = wrap<{ add(a: number, b: number): number }>(first).add(1, 2);
    await stage.host.runUntilIdle();
    expect(await sum).toBe(3);
    await stage.end(first);
  });

  it('fails when it does not answer in time, which only the foreground counts', async () => {
    stage.host.defineWorker(file, (pipe) => pipe.listen({ message: () => undefined, end: () => undefined }));
    const worker = stage.watch(new Worker(file, { startTimeoutMs: 1000 }));
    await stage.host.advance(900);
    stage.host.hide();
    await stage.host.advance(100_000);
    stage.host.show();
    expect(await stage.heardIn(99)).toEqual([]);
    expect(await stage.heardIn(1)).toEqual(['failed', 'error ERR_WORKER_START', 'close']);
    const error = await stage.errorOf(worker.ready);
    expect(error).toMatchObject({ code: 'ERR_WORKER_START', value: file });
    expect(error.message).toContain('within 1000 ms');
    expect(stage.host.workers).toHaveLength(1);
  });

  it('is waited for ever where it is told to', async () => {
    stage.host.defineWorker(file, (pipe) => stage.host.time.setTimer(() => scopeLater(pipe), 3_600_000));
    const scopeLater = (pipe: Parameters<Parameters<typeof stage.host.defineWorker>[1]>[0]): void =>
      pipe.send({ mpLanes: protocolVersion, text: `[["hello",${protocolVersion},"x"]]`, buffers: [] });
    const worker = stage.watch(new Worker(file, { startTimeoutMs: Infinity }));
    expect(await stage.heard()).toEqual(['ready']);
    await stage.end(worker);
  });

  it('fails when its file speaks another protocol, without a second try', async () => {
    stage.host.defineWorker(file, (pipe) =>
      pipe.send({
        mpLanes: protocolVersion,
        text: `[["hello",${protocolVersion + 1},"9.9.9"]]`,
        buffers: [],
      }),
    );
    const worker = stage.watch(new Worker(file));
    const error = await stage.errorOf(worker.ready);
    expect(error).toMatchObject({ code: 'ERR_PROTOCOL_VERSION' });
    expect(error.message).toMatch(/9\.9\.9.*0\.1\.0/);
    expect(stage.host.takeLog()).toEqual(['failed', 'error ERR_PROTOCOL_VERSION', 'close']);
    expect(stage.host.workers).toHaveLength(1);
  });

  it('is reported to the host where nobody hears of it otherwise', async () => {
    const worker = new Worker('workers/missing.js');
    await stage.host.runUntilIdle();
    expect(worker.state).toBe('failed');
    expect(stage.host.takeErrors()).toEqual([expect.objectContaining({ code: 'ERR_WORKER_START' })]);
  });

  it.each([
    ['ready', (worker: Worker) => void worker.ready.catch(() => undefined)],
    ['statechange', (worker: Worker) => worker.addEventListener('statechange', () => undefined)],
    ['close', (worker: Worker) => worker.addEventListener('close', () => undefined)],
    ['its calls', (worker: Worker) => void call(wrap<object>(worker), 'any').catch(() => undefined)],
  ])('is not reported where somebody hears of it by %s', async (_way, listen) => {
    listen(new Worker('workers/missing.js'));
    await stage.host.runUntilIdle();
    expect(stage.host.takeErrors()).toEqual([]);
  });
});
