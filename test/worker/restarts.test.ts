import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controlSteps } from '../../src/channel/control-form.js';
import { MessageChannel } from '../../src/channel/message-port.js';
import { WorkerLostError } from '../../src/core/worker-errors.js';
import type { Pipe } from '../../src/host/pipe.js';
import { expose } from '../../src/rpc/expose.js';
import { wrap } from '../../src/rpc/wrap.js';
import { Worker } from '../../src/worker/worker.js';
import { runs, timeoutMs } from '../deep/scale.js';
import { Stage, echoing, file, scopeOf } from './stage.js';

const stage = Stage.perTest();

/** A pipe that leads to nobody: the file never answers. */
const silent = (pipe: Pipe): void => pipe.listen({ message: () => undefined, end: () => undefined });

describe('a worker whose thread dies', () => {
  it('gets another one, to which goes what was posted meanwhile, in order', async () => {
    const worker = stage.start(echoing());
    stage.hear(worker);
    expect(await stage.heard()).toEqual(['ready']);
    stage.thread.kill();
    for (const n of [1, 2, 3]) worker.postMessage(n);
    expect(stage.host.takeLog()).toEqual(['restarting', 'error ERR_WORKER_LOST']);
    expect(await stage.heardIn(99)).toEqual([]);
    worker.addEventListener('statechange', () => worker.postMessage(4));
    expect(await stage.heard()).toEqual(['ready', 'got [2,1]', 'got [2,2]', 'got [2,3]', 'got [2,4]']);
    expect(stage.host.workers.map(({ live }) => live)).toEqual([false, true]);
    await stage.end(worker);
  });

  it.each([
    ['is killed by the system', () => stage.thread.kill(), false],
    ['crashes', () => stage.thread.kill(new Error('out of memory')), false],
    ['ends without a goodbye', (pipe: Pipe) => pipe.close(), false],
    ['hangs', () => stage.thread.hang(), true],
  ] as const)('is told as interrupted to calls when it %s', async (_how, die, certain) => {
    let pipe: Pipe | null = null;
    stage.host.defineWorker(file, (each) => void scopeOf((pipe = each)));
    const worker = stage.watch(new Worker(file, { heartbeatMs: 1000 }));
    stage.control(worker);
    expect(await stage.heard()).toEqual(['control resumed', 'ready']);
    expect(worker[controlSteps].isReady).toBe(true);
    die(pipe!);
    await stage.host.advance(5000);
    expect(stage.host.takeLog()).toEqual([
      `control interrupted ERR_WORKER_LOST${certain ? ', certainly' : ''}`,
      'restarting',
      'error ERR_WORKER_LOST',
      'control resumed',
      'ready',
    ]);
    worker.terminate();
    expect(await stage.heard()).toEqual(['control closed ERR_WORKER_CLOSED', 'closed', 'close']);
    expect(worker[controlSteps].isReady).toBe(false);
  });

  it('says why it died to whoever had a port in it', async () => {
    const worker = stage.start((self) => void (self.onmessage = () => undefined));
    const { port1, port2 } = new MessageChannel();
    worker.postMessage(null, [port2]);
    await stage.host.runUntilIdle();
    port1.onclose = () => stage.host.note('port closed');
    port1[controlSteps].listen({
      take: () => undefined,
      closed: (reason) => stage.host.note(reason.message),
    });
    stage.thread.kill(new Error('out of memory'));
    expect(await stage.heard()).toEqual([
      'ready',
      'restarting',
      'error ERR_WORKER_LOST',
      `the worker "${file}" died: out of memory`,
      'port closed',
      'ready',
    ]);
    await stage.end(worker);
  });

  it('hands over what it had sent before, also to whoever listens only then', async () => {
    let threads = 0;
    const worker = stage.start((self) => {
      threads++;
      self.postMessage(`first of ${threads}`);
      self.postMessage(`last of ${threads}`);
    });
    await stage.host.runUntilIdle();
    stage.thread.kill();
    await stage.host.runUntilIdle();
    stage.host.takeLog();
    stage.hear(worker);
    expect(await stage.heard()).toEqual([
      'got "first of 1"',
      'got "last of 1"',
      'got "first of 2"',
      'got "last of 2"',
    ]);
    stage.thread.kill();
    worker.onmessage = null;
    await stage.host.runUntilIdle();
    await stage.end(worker);
  });

  it('loses no more of what waited than the thread that died of it', async () => {
    const { threads } = stage.host;
    const createWorker = threads.createWorker.bind(threads);
    threads.createWorker = (url, options) => {
      const worker = createWorker(url, options);
      const send = (message: unknown): void => {
        // Large messages travel alone.
        if ((message as { text: string }).text.includes('deadly')) throw new Error('no thread');
        worker.send(message);
      };
      return { ...worker, send };
    };
    const worker = stage.start((self) => {
      self.onmessage = ({ data }) => stage.host.note((data as string).trimStart());
    });
    for (const name of ['first', 'deadly', 'third', 'fourth']) worker.postMessage(name.padStart(100_000));
    const log = ['restarting', 'error ERR_WORKER_LOST', 'first', 'ready', 'third', 'fourth'];
    expect((await stage.heard()).sort()).toEqual(log.sort());
    await stage.end(worker);
  });

  it('tells the next thread first what whoever heard of its death posted', async () => {
    const worker = stage.start((self) => {
      expose({ search: (text: string) => stage.host.note(`search ${text}`) }, self);
      self.onmessage = ({ data }) => stage.host.note(String(data));
    });
    worker.addEventListener('statechange', () => {
      if (worker.state === 'restarting') worker.postMessage('load');
    });
    await stage.heard();
    stage.thread.kill();
    const found = wrap<{ search(text: string): void }>(worker).search('x');
    worker.postMessage('later');
    const log = ['restarting', 'error ERR_WORKER_LOST', 'ready', 'load', 'later', 'search x'];
    expect(await stage.heard()).toEqual(log);
    await found;
    await stage.end(worker);
  });

  it('promises readiness anew', async () => {
    const worker = stage.start(echoing());
    await stage.host.runUntilIdle();
    const first = worker.ready;
    expect(worker.ready).toBe(first);
    stage.thread.kill();
    const second = worker.ready;
    let isThere = false;
    void second.then(() => (isThere = true));
    await stage.host.advance(50);
    expect([worker.state, isThere, second === first]).toEqual(['restarting', false, false]);
    await stage.host.runUntilIdle();
    expect([worker.state, isThere, worker.ready === second]).toEqual(['ready', true, true]);
    await stage.end(worker);
  });

  it('ends by its own will for good, with a goodbye', async () => {
    stage.start((self) => {
      stage.host.time.setTimer(() => self.close(), 10);
    });
    expect(await stage.heard()).toEqual(['ready', 'closed', 'close']);
    expect(stage.host.workers).toHaveLength(1);
  });

  it('is left dead where restarts are turned off', async () => {
    const worker = stage.start((self) => void (self.onmessage = () => undefined), { restart: false });
    stage.control(worker);
    const { port1, port2 } = new MessageChannel();
    worker.postMessage(null, [port2]);
    port1.onclose = () => stage.host.note('port closed');
    await stage.host.runUntilIdle();
    stage.host.takeLog();
    stage.thread.kill(new Error('out of memory'));
    worker.postMessage('nobody hears');
    expect(await stage.heard()).toEqual([
      'control closed ERR_WORKER_LOST',
      'failed',
      'error ERR_WORKER_LOST',
      'close',
      'port closed',
    ]);
    const error = await stage.errorOf(worker.ready);
    expect(error).toBeInstanceOf(WorkerLostError);
    expect(error).toMatchObject({
      message: `the worker "${file}" died: out of memory`,
      cause: { message: 'out of memory' },
    });
  });

  it('is told to the host where nobody listens, once a death', async () => {
    stage.define(echoing());
    const worker = new Worker(file);
    await stage.host.runUntilIdle();
    stage.thread.kill();
    await stage.host.runUntilIdle();
    expect(stage.host.takeErrors()).toEqual([expect.objectContaining({ code: 'ERR_WORKER_LOST' })]);
    worker.addEventListener('statechange', () => undefined);
    stage.thread.kill();
    await stage.host.runUntilIdle();
    expect([stage.host.takeErrors(), worker.state]).toEqual([[], 'ready']);
    await stage.end(worker);
  });
});

describe('a worker that dies before it is there', () => {
  it.each([undefined, new Error('out of memory')])(
    'is started again, whatever the host says: %s',
    async (error) => {
      const worker = stage.start(echoing());
      stage.thread.kill(error);
      expect(await stage.heard()).toEqual(['restarting', 'error ERR_WORKER_LOST', 'ready']);
      await stage.end(worker);
    },
  );

  it('is started again, with all that waited', async () => {
    const worker = stage.start(echoing());
    stage.hear(worker);
    stage.control(worker);
    worker.postMessage('early');
    stage.thread.kill();
    expect(await stage.heard()).toEqual([
      'restarting',
      'error ERR_WORKER_LOST',
      'control resumed',
      'ready',
      'got [1,"early"]',
    ]);
    await stage.end(worker);
  });

  it('is not where its file ends without an answer: a second try would do no better', async () => {
    stage.host.defineWorker(file, (pipe) => pipe.close());
    const worker = stage.watch(new Worker(file));
    const error = await stage.errorOf(worker.ready);
    expect(error.message).toContain('it ended before it answered');
    expect(stage.host.takeLog()).toEqual(['failed', 'error ERR_WORKER_START', 'close']);
    expect(stage.host.workers).toHaveLength(1);
  });
});

describe('the budget of restarts', () => {
  it('grows the wait before each, and ends a loop of them with an error that names it', async () => {
    // A boot loop: every thread but the first dies before it answers.
    let threads = 0;
    stage.host.defineWorker(file, (pipe) => {
      stage.host.note(`${stage.host.time.now()} ms`);
      if (++threads === 1) scopeOf(pipe);
      else pipe.close();
    });
    const worker = stage.watch(new Worker(file));
    worker.onerror = null;
    expect(await stage.heard()).toEqual(['0 ms', 'ready']);
    const early = stage.errorOf(worker.ready);
    stage.thread.kill();
    expect(await stage.heard()).toEqual([
      'restarting',
      '100 ms',
      'restarting',
      '300 ms',
      'restarting',
      '700 ms',
      'failed',
      'close',
    ]);
    await early;
    const error = await stage.errorOf(worker.ready);
    expect(error).toBeInstanceOf(WorkerLostError);
    expect(error).toMatchObject({
      code: 'ERR_WORKER_LOST',
      value: file,
      cause: { code: 'ERR_WORKER_START' },
    });
    expect(error.message).toContain('started again 3 times within 60000 ms');
    expect(error.message).toContain('restart.budget');
    expect(error.message).toContain('it ended before it answered');
  });

  it('counts starts that the host refuses', async () => {
    const worker = stage.start(echoing(), { restart: { budget: 2, backoffMs: 10 } });
    await stage.host.runUntilIdle();
    stage.host.failStarts(2);
    stage.thread.kill();
    const log = ['ready', 'restarting', 'error ERR_WORKER_LOST', 'restarting', 'error ERR_WORKER_START'];
    expect(await stage.heard()).toEqual([...log, 'failed', 'error ERR_WORKER_LOST', 'close']);
    expect(stage.host.time.now()).toBe(30);
    expect(await stage.errorOf(worker.ready)).toMatchObject({ cause: { code: 'ERR_WORKER_START' } });
  });

  it('counts starts that are not answered', async () => {
    const worker = stage.start(echoing(), { restart: { budget: 1, backoffMs: 0 }, startTimeoutMs: 500 });
    await stage.host.runUntilIdle();
    stage.host.defineWorker(file, silent);
    stage.thread.kill();
    expect((await stage.heard()).slice(-3)).toEqual(['failed', 'error ERR_WORKER_LOST', 'close']);
    expect(stage.host.time.now()).toBe(500);
    expect((await stage.errorOf(worker.ready)).message).toContain('did not answer within 500 ms');
  });

  it('is that of a window: what was long ago does not count', async () => {
    const worker = stage.start(echoing(), { restart: { budget: 2, windowMs: 1000, backoffMs: 50 } });
    for (let n = 0; n < 10; n++) {
      await stage.host.advance(700);
      stage.thread.kill();
    }
    await stage.host.runUntilIdle();
    expect(worker.state).toBe('ready');
    stage.host.takeLog();
    // The last was 1,300 ms ago when the second of these comes, 50 ms when the third does.
    await stage.host.advance(1250);
    for (let n = 0; n < 3; n++) {
      stage.thread.kill();
      await stage.host.runUntilIdle();
    }
    expect(worker.state).toBe('failed');
    stage.host.takeLog();
  });

  it('may be without end', async () => {
    const worker = stage.start(echoing(), { restart: { budget: Infinity, backoffMs: 1000 } });
    for (let n = 0; n < 20; n++) {
      await stage.host.runUntilIdle();
      stage.thread.kill();
    }
    await stage.host.runUntilIdle();
    // 1 s, 2 s, 4 s, and 5 s from then on.
    expect([worker.state, stage.host.time.now()]).toEqual(['ready', 7000 + 17 * 5000]);
    await stage.end(worker);
  });

  it('is not asked where another start could only end the same way', async () => {
    const other = new Worker('workers/other.js', { start: 'lazy' });
    stage.define(echoing(), 'workers/other.js');
    const worker = stage.start(echoing());
    await stage.host.runUntilIdle();
    stage.thread.kill();
    void other.ready;
    await stage.host.runUntilIdle();
    expect(await stage.errorOf(worker.ready)).toMatchObject({ code: 'ERR_WORKER_BUSY' });
    const log = ['ready', 'restarting', 'error ERR_WORKER_LOST', 'failed', 'error ERR_WORKER_BUSY', 'close'];
    expect(stage.host.takeLog()).toEqual(log);
    await stage.end(other);
    const updated = stage.start(echoing());
    await stage.host.runUntilIdle();
    stage.host.defineWorker(file, (pipe) => pipe.send('mpLanes99[["hello",99,"9.9.9"]]'));
    stage.thread.kill();
    expect(await stage.errorOf(updated.ready)).toMatchObject({ code: 'ERR_PROTOCOL_VERSION' });
    expect(stage.host.takeLog()).toContain('error ERR_PROTOCOL_VERSION');
  });

  it('waits for the foreground: nothing is started in the background', async () => {
    const worker = stage.start(echoing());
    await stage.host.runUntilIdle();
    stage.host.hide();
    stage.thread.kill();
    await stage.host.advance(3_600_000);
    expect([worker.state, stage.host.workers.length]).toEqual(['restarting', 1]);
    stage.host.show();
    await stage.host.advance(99);
    expect(worker.state).toBe('restarting');
    await stage.host.advance(1);
    expect(worker.state).toBe('ready');
    await stage.end(worker);
  });
});

describe('terminate()', () => {
  it('ends a worker for good while it waits to be started again', async () => {
    const worker = stage.start(echoing());
    stage.control(worker);
    await stage.host.runUntilIdle();
    stage.thread.kill();
    worker.postMessage('waits');
    stage.host.takeLog();
    worker.terminate();
    expect(await stage.heard()).toEqual(['control closed ERR_WORKER_CLOSED', 'closed', 'close']);
    expect(await stage.errorOf(worker.ready)).toMatchObject({ code: 'ERR_WORKER_CLOSED' });
    expect([stage.host.workers.length, stage.host.armed().timer]).toEqual([1, 0]);
  });

  it('ends a worker for good while its next thread starts', async () => {
    const worker = stage.start(echoing());
    await stage.host.runUntilIdle();
    stage.host.defineWorker(file, silent);
    stage.thread.kill();
    await stage.host.advance(200);
    expect(stage.host.workers.map(({ live }) => live)).toEqual([false, true]);
    stage.host.takeLog();
    worker.terminate();
    expect(await stage.heard()).toEqual(['closed', 'close']);
  });

  it('ends a worker that the host has just refused, which is told once', async () => {
    stage.host.failStarts(1);
    const worker = stage.start(echoing());
    worker.terminate();
    expect(await stage.heard()).toEqual(['closed', 'close']);
    expect(await stage.errorOf(worker.ready)).toMatchObject({ code: 'ERR_WORKER_CLOSED' });
  });

  it('does nothing the second time, and nothing to one that failed', async () => {
    const worker = stage.start(echoing(), { restart: false });
    await stage.host.runUntilIdle();
    worker.terminate();
    worker.terminate();
    expect(await stage.heard()).toEqual(['ready', 'closed', 'close']);
    const failed = stage.watch(new Worker('workers/missing.js'));
    await stage.heard();
    failed.terminate();
    expect([failed.state, await stage.heard()]).toEqual(['failed', []]);
  });

  it.each(['starting', 'ready', 'restarting', 'inline'])(
    'may be called by who hears of %s',
    async (state) => {
      const worker = stage.start(echoing(), {
        start: 'lazy',
        restart: { budget: 1 },
        inline: () => undefined,
      });
      worker.addEventListener('statechange', () => {
        if (worker.state === state) worker.terminate();
      });
      worker.postMessage(1);
      for (let deaths = 0; deaths < 2; deaths++) {
        await stage.host.advance(500);
        stage.host.workers[deaths]?.kill();
      }
      await stage.host.advance(500);
      expect(worker.state).toBe('closed');
      expect(stage.host.takeLog().filter((line) => line === 'close')).toEqual(['close']);
    },
  );

  it.each(['in one turn', 'long ago'])('drops what had arrived %s and was not heard yet', async (when) => {
    const worker = stage.start((self) => {
      for (let n = 0; n < 3; n++) self.postMessage(n);
    });
    if (when === 'long ago') await stage.host.runUntilIdle();
    worker.onmessage = ({ data }) => {
      stage.host.note(`got ${String(data)}`);
      worker.terminate();
    };
    expect(await stage.heard()).toEqual(['ready', 'got 0', 'closed', 'close']);
  });
});

describe('messages over restarts', () => {
  it(
    'arrive in order and at most once, and what was posted without a thread arrives (property)',
    async () => {
      const step = fc.oneof(
        { weight: 3, arbitrary: fc.constant('post' as const) },
        fc.constantFrom('kill' as const, 'turn' as const, 'wait' as const, 'refuse' as const),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
          const own = new Stage();
          own.open();
          const heard: number[] = [];
          own.host.defineWorker(file, (pipe) => {
            scopeOf(pipe).onmessage = ({ data }) => heard.push(data as number);
          });
          const worker = new Worker(file, { restart: { budget: Infinity, backoffMs: 1 } });
          worker.onerror = () => undefined;
          const mustArrive: number[] = [];
          let posted = 0;
          for (const each of steps) {
            if (each === 'post') {
              if (worker.state !== 'ready') mustArrive.push(posted);
              worker.postMessage(posted++);
            } else if (each === 'kill') own.thread.kill();
            else if (each === 'turn') await own.host.runTurn();
            else if (each === 'wait') await own.host.runUntilIdle();
            else own.host.failStarts(1);
          }
          // What leaves for a thread that is killed then is lost with it, however long it had waited.
          const killedAt = steps.lastIndexOf('kill');
          const afterKill = steps.slice(killedAt + 1).filter((each) => each === 'post').length;
          await own.host.runUntilIdle();
          expect(worker.state).toBe('ready');
          expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b));
          for (const n of mustArrive) if (n >= posted - afterKill) expect(heard).toContain(n);
          worker.terminate();
          await own.host.runUntilIdle();
          own.close();
        }),
        runs(300, 20_000),
      );
    },
    timeoutMs,
  );
});
