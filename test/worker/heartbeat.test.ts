import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Link } from '../../src/channel/link.js';
import { Heartbeat } from '../../src/worker/heartbeat.js';
import { Worker } from '../../src/worker/worker.js';
import { Stage, echoing, file, scopeOf } from './stage.js';

const stage = Stage.perTest();

/** What both ends of the pipe of the thread that starts next send, each with its time. */
function spy(): string[] {
  const sent: string[] = [];
  stage.host.defineWorker(file, (pipe) => {
    const note = (from: string, message: unknown): void => {
      sent.push(`${stage.host.time.now()} ${from} ${(message as { text: string }).text}`);
    };
    scopeOf({
      ...pipe,
      send(message) {
        note('thread', message);
        pipe.send(message);
      },
      listen: ({ message, end }) =>
        pipe.listen({
          message(each) {
            note('here', each);
            message(each);
          },
          end,
        }),
    });
  });
  return sent;
}

describe('the heartbeat', () => {
  it('asks at each period, and is answered at once', async () => {
    const sent = spy();
    const worker = new Worker(file, { heartbeatMs: 1000 });
    await stage.host.advance(2500);
    const beats = [0, 1000, 2000].flatMap((ms) => [`${ms} here [["ping"]]`, `${ms} thread [["pong"]]`]);
    expect(sent.filter((line) => !line.includes('hello'))).toEqual(beats);
    expect(worker.health).toEqual({ silentMs: 500, roundTripMs: 0 });
    await stage.end(worker);
    await stage.host.advance(10_000);
    expect(sent.filter((line) => line.includes('ping'))).toHaveLength(3);
  });

  it('asks every ten seconds unless told otherwise, never with Infinity', async () => {
    const sent = spy();
    const worker = new Worker(file);
    await stage.host.advance(25_000);
    expect(sent.filter((line) => line.includes('ping'))).toHaveLength(3);
    await stage.end(worker);
    const silent = new Worker(file, { heartbeatMs: Infinity });
    sent.length = 0;
    await stage.host.advance(3_600_000);
    expect(sent.filter((line) => line.includes('ping'))).toEqual([]);
    expect(silent.health).toEqual({ silentMs: 3_600_000, roundTripMs: null });
    stage.thread.hang();
    await stage.host.advance(3_600_000);
    expect(silent.state).toBe('ready');
    await stage.end(silent);
  });

  it('keeps nobody busy', async () => {
    const worker = stage.start(echoing());
    await stage.host.runUntilIdle();
    expect(stage.host.time.now()).toBe(0);
    expect(stage.host.armed()).toMatchObject({ timer: 0, background: 1 });
    await stage.end(worker);
    expect(stage.host.armed()).toMatchObject({ timer: 0, background: 0 });
  });

  it('ends a thread that hangs, within two periods and a little, and starts another', async () => {
    const worker = stage.start(echoing(), { heartbeatMs: 1000 });
    stage.hear(worker);
    stage.control(worker);
    await stage.host.advance(300);
    stage.host.takeLog();
    stage.thread.hang();
    worker.postMessage('unanswered');
    // The question of 1 s is not answered by 2 s, nor a little later.
    expect(await stage.heardIn(1799)).toEqual([]);
    expect(stage.host.workers[0]?.live).toBe(true);
    expect(await stage.heardIn(1)).toEqual([
      'control interrupted ERR_WORKER_LOST, certainly',
      'restarting',
      'error ERR_WORKER_LOST',
    ]);
    expect(stage.host.workers[0]?.live).toBe(false);
    worker.postMessage('again');
    expect(await stage.heardIn(200)).toEqual(['control resumed', 'ready', 'got [2,"again"]']);
    await stage.end(worker);
  });

  it('says for how long nothing was heard', async () => {
    const worker = stage.start(echoing(), { heartbeatMs: 1000, restart: false });
    worker.onerror = null;
    await stage.host.advance(300);
    stage.thread.hang();
    await stage.host.advance(5000);
    const { message } = await stage.errorOf(worker.ready);
    expect(message).toContain('it let nothing in for 2100 ms (heartbeatMs: 1000)');
    stage.host.takeLog();
  });

  it('takes any message for a sign of life', async () => {
    // A thread that talks, but never answers: somebody else's code in its worker file.
    stage.host.defineWorker(file, (pipe) => {
      const scope = scopeOf({ ...pipe, listen: ({ end }) => pipe.listen({ message: () => undefined, end }) });
      const talk = (): void => {
        if (talks) stage.host.time.setTimer(talk, 900);
        scope.postMessage('busy');
      };
      talk();
    });
    let talks = true;
    const worker = new Worker(file, { heartbeatMs: 1000 });
    await stage.host.advance(30_000);
    expect(worker.state).toBe('ready');
    expect(worker.health).toMatchObject({ roundTripMs: null });
    talks = false;
    await stage.end(worker);
  });

  it('waits once more for what came late: this thread may have been busy', async () => {
    const slow = new Stage();
    slow.open({ pipe: { delayMs: 525 } });
    const worker = slow.start(echoing(), { heartbeatMs: 1000 });
    await slow.host.advance(60_000);
    // The answer to each question comes 50 ms after the period, within the tenth that is waited once more.
    expect([worker.state, worker.health.roundTripMs]).toEqual(['ready', 1050]);
    await slow.end(worker);
    slow.close();
  });

  it('says so also where the transport has failed meanwhile', async () => {
    const { threads } = stage.host;
    const createWorker = threads.createWorker.bind(threads);
    threads.createWorker = (url, options) => {
      const worker = createWorker(url, options);
      const send = (message: unknown): void => {
        if ((message as { text: string }).text.includes('bye')) throw new Error('no thread');
        worker.send(message);
      };
      return { ...worker, send };
    };
    const worker = stage.start(echoing(), { heartbeatMs: 1000, restart: false });
    stage.control(worker);
    await stage.host.advance(300);
    stage.thread.hang();
    await stage.host.advance(5000);
    expect((await stage.errorOf(worker.ready)).message).toContain('it let nothing in');
    const log = [
      'control resumed',
      'ready',
      'control closed ERR_WORKER_LOST',
      'failed',
      'error ERR_WORKER_LOST',
      'close',
    ];
    expect(stage.host.takeLog()).toEqual(log);
  });

  it('judges by no period in which this thread was frozen, however long the other one takes afterwards', () => {
    const { host } = stage;
    const link = { isAsked: true, lastHeardMs: 0, ping: () => host.note(`${host.time.now()} ping`) };
    const heartbeat = new Heartbeat(link as unknown as Link, 1000, () =>
      host.note(`${host.time.now()} stuck`),
    );
    heartbeat.start();
    host.advanceSync(500);
    host.suspend();
    host.advanceSync(1_800_000);
    host.resume();
    host.advanceSync(2000);
    heartbeat.stop();
    expect(host.takeLog()).toEqual(['0 ping', '1800500 ping', '1801600 stuck']);
  });

  it.each([true, false])('judges by no wait in which this thread was busy (it answers: %s)', (answers) => {
    const { host } = stage;
    const link = { isAsked: true, lastHeardMs: 0, ping: () => host.note(`${host.time.now()} ping`) };
    const heartbeat = new Heartbeat(link as unknown as Link, 1000, () =>
      host.note(`${host.time.now()} stuck`),
    );
    heartbeat.start();
    // The wait from 1,000 to 1,100 ends at 1,350, with the answer behind it: one more.
    host.time.setTimer(() => host.costMs(300), 1050);
    host.time.setTimer(() => {
      if (answers) link.lastHeardMs = host.time.now();
    }, 1351);
    host.advanceSync(1500);
    heartbeat.stop();
    expect(host.takeLog()).toEqual(['0 ping', answers ? '1450 ping' : '1450 stuck']);
  });
});

describe('the heartbeat of an app in the background', () => {
  it('is frozen, and begins anew when the app is back', async () => {
    const sent = spy();
    const worker = new Worker(file, { heartbeatMs: 1000 });
    await stage.host.advance(1500);
    stage.host.hide();
    sent.length = 0;
    await stage.host.advance(60_000);
    expect(sent).toEqual([]);
    expect(stage.host.armed().background).toBe(0);
    stage.host.show();
    await stage.host.advance(1000);
    expect(sent).toEqual(
      [61_500, 62_500].flatMap((ms) => [`${ms} here [["ping"]]`, `${ms} thread [["pong"]]`]),
    );
    await stage.end(worker);
  });

  it('begins with the app’s return where the worker answers in the background', async () => {
    const sent = spy();
    const worker = new Worker(file, { heartbeatMs: 1000 });
    stage.host.hide();
    await stage.host.advance(5000);
    expect(worker.state).toBe('ready');
    expect(sent.filter((line) => line.includes('ping'))).toEqual([]);
    stage.host.show();
    await stage.host.advance(0);
    expect(sent.filter((line) => line.includes('ping'))).toHaveLength(1);
    await stage.end(worker);
  });

  it.each([
    ['4 s', 4000],
    ['6 s', 6000],
    ['30 min', 1_800_000],
  ])('takes no freeze of %s for a death, told of it or not', async (_length, frozenMs) => {
    for (const isTold of [true, false]) {
      for (const atMs of [1, 500, 999, 1000, 1001, 1099]) {
        const own = new Stage();
        own.open();
        const worker = own.start(echoing(), { heartbeatMs: 1000 });
        await own.host.advance(atMs);
        if (isTold) own.host.hide();
        // All JavaScript of the app stands still, its worker's too: nothing is lost, and nothing answered.
        own.host.suspend();
        await own.host.advance(frozenMs);
        own.host.resume();
        if (isTold) own.host.show();
        await own.host.advance(10_000);
        expect([worker.state, own.host.workers.length]).toEqual(['ready', 1]);
        // It is not blind afterwards.
        own.thread.hang();
        await own.host.advance(2100);
        expect(worker.state).not.toBe('ready');
        await own.end(worker);
        own.close();
      }
    }
  });

  it('judges a thread that was frozen itself only by what it does afterwards', async () => {
    const worker = stage.start(echoing(), { heartbeatMs: 1000 });
    await stage.host.advance(1200);
    stage.host.hide();
    stage.thread.hang();
    await stage.host.advance(600_000);
    expect(worker.state).toBe('ready');
    stage.host.show();
    await stage.host.advance(1099);
    expect(worker.state).toBe('ready');
    await stage.host.advance(1);
    expect(worker.state).toBe('restarting');
    await stage.end(worker);
  });

  it('ends no thread that answers, and every one that hangs, whatever the app does (property)', async () => {
    const step = fc.record({
      what: fc.constantFrom('run', 'hide', 'show', 'freeze', 'busy'),
      ms: fc.integer({ min: 1, max: 5000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.boolean(), async (steps, hangs) => {
        const own = new Stage();
        own.open({ pipe: { delayMs: 3 } });
        const worker = own.start(echoing(), { heartbeatMs: 1000 });
        await own.host.advance(10);
        for (const { what, ms } of steps) {
          if (what === 'hide') own.host.hide();
          else if (what === 'show') own.host.show();
          else if (what === 'freeze') own.host.suspend();
          else if (what === 'busy') own.host.time.setTimer(() => own.host.costMs(ms), 0);
          await own.host.advance(ms);
          own.host.resume();
        }
        expect(own.host.workers).toHaveLength(1);
        own.host.show();
        if (hangs) own.thread.hang();
        await own.host.advance(2500);
        expect(own.host.workers[0]?.live).toBe(!hangs);
        await own.end(worker);
        own.close();
      }),
      { numRuns: 200 },
    );
  });
});
