import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPipePair, createVirtualHost } from '../src/testing.js';
import type { HostWorker, PipePairOptions, VirtualHost } from '../src/testing.js';

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

describe('a pair of pipes', () => {
  function open(options?: PipePairOptions) {
    const pair = createPipePair(options);
    const got: unknown[] = [];
    pair.b.listen({ message: (message) => got.push(message), end: (error) => got.push(['end', error]) });
    return { ...pair, got };
  }

  it('carries copies, in turns of their own, after the delay', () => {
    const { a, got } = open({ delayMs: 10 });
    const message = { list: [1, 2], bytes: new Uint8Array([1]).buffer };
    a.send(message);
    message.list.push(3);
    host.advanceSync(9);
    expect(got).toEqual([]);
    host.advanceSync(1);
    expect(got).toEqual([{ list: [1, 2], bytes: new Uint8Array([1]).buffer }]);
    expect((got[0] as typeof message).bytes).not.toBe(message.bytes);
  });

  it('keeps no more than JSON does, and buffers only where it is binary', () => {
    const { a, got } = open({ binary: false });
    a.send({ map: new Map([[1, 2]]), nothing: undefined, bytes: new ArrayBuffer(2) });
    host.runUntilIdleSync();
    expect(got).toEqual([{ map: {}, bytes: {} }]);
  });

  it('keeps what structured clone does, and detaches what is transferred, when told to', () => {
    const { a, got } = open({ cloneMessage: 'structured', transfer: true });
    const bytes = new ArrayBuffer(2);
    a.send({ map: new Map([[1, 2]]), bytes }, [bytes]);
    host.runUntilIdleSync();
    expect(got).toEqual([{ map: new Map([[1, 2]]), bytes: new ArrayBuffer(2) }]);
    expect(bytes.byteLength).toBe(0);
  });

  it('drops, duplicates, replaces and cuts as told', () => {
    const faults = ['drop', 'duplicate', { replaceWith: 'noise' }, undefined, 'cut'] as const;
    const { a, got } = open({ faults: (_message, { index }) => faults[index] });
    for (let n = 0; n < 6; n++) a.send({ n });
    host.runUntilIdleSync();
    expect(got).toEqual([{ n: 1 }, { n: 1 }, 'noise', { n: 3 }, ['end', expect.any(Error)]]);
  });

  it('delivers what was sent before a close, then tells the other end', () => {
    const { a, got } = open();
    a.send('last');
    a.close();
    a.send('after');
    host.runUntilIdleSync();
    expect(got).toEqual(['last', ['end', undefined]]);
  });
});

describe('the virtual host', () => {
  it('refuses to be clean while something is armed, unread or unhandled', () => {
    host.time.setTimer(() => undefined, 10);
    expect(() => host.assertClean()).toThrow(/1 × timer/);
    host.note('line');
    host.app.reportError(new Error('reported'));
    host.runUntilIdleSync();
    expect(() => host.assertClean()).toThrow(/reported.*line/);
    expect(host.takeLog()).toEqual(['line']);
    expect(host.takeErrors()).toHaveLength(1);
  });

  it('is idle while only timers of the background are armed, which still run in their turn', () => {
    host.time.setTimer(() => host.note('5 ms'), 5, true);
    host.time.setTimer(() => host.note('10 ms'), 10);
    host.time.setTimer(() => host.note('15 ms'), 15, true);
    host.runUntilIdleSync();
    expect([host.takeLog(), host.time.now()]).toEqual([['5 ms', '10 ms'], 10]);
    expect(host.armed()).toEqual({ macrotask: 0, timer: 0, background: 1, idle: 0, message: 0 });
    expect(() => host.assertClean()).toThrow(/1 × background/);
    host.advanceSync(5);
    expect(host.takeLog()).toEqual(['15 ms']);
  });

  it('counts timers of the background against a test only where no worker lives', () => {
    host.defineWorker('a.js', () => undefined);
    const worker = host.threads.createWorker('a.js', {});
    const beat = host.time.setTimer(() => undefined, 5, true);
    host.runUntilIdleSync();
    expect(() => host.assertClean()).toThrow('Not clean: the worker a.js still lives.');
    worker.close();
    host.runUntilIdleSync();
    expect(() => host.assertClean()).toThrow('Not clean: 1 × background still armed.');
    host.time.clearTimer(beat);
  });

  it('interleaves its microtasks with promise jobs as a real host does', async () => {
    host.turns.macrotask(() => {
      void Promise.resolve().then(() => host.note('job'));
      host.turns.microtask(() => host.note('microtask'));
      void Promise.resolve().then(() => host.note('job 2'));
    });
    await host.runTurn();
    expect(host.takeLog()).toEqual(['job', 'job 2', 'microtask']);
  });

  it('tells of background and foreground, and freezes when suspended', () => {
    const changes: boolean[] = [];
    const stop = host.app.onHiddenChange((hidden) => changes.push(hidden));
    host.hide();
    host.hide();
    expect(host.app.hidden).toBe(true);
    host.suspend();
    host.time.setTimer(() => host.note('fired'), 10);
    host.advanceSync(100);
    expect(host.takeLog()).toEqual([]);
    host.resume();
    host.show();
    host.runUntilIdleSync();
    expect([host.takeLog(), changes]).toEqual([['fired'], [true, false]]);
    stop();
  });

  it('tells of memory warnings, with a level or without, until nobody listens', () => {
    const levels: unknown[] = [];
    const stop = host.app.onMemoryWarning((level) => levels.push(level));
    host.warnMemory(15);
    host.warnMemory();
    stop();
    host.warnMemory(5);
    expect(levels).toEqual([15, undefined]);
  });

  it('gives idle time up to the next timer, when nothing else is due', () => {
    host.time.setTimer(() => undefined, 20);
    host.turns.requestIdle!(({ timeRemaining }) => host.note(`idle ${timeRemaining()}`));
    host.turns.macrotask(() => host.note('macrotask'));
    host.runUntilIdleSync();
    expect(host.takeLog()).toEqual(['macrotask', 'idle 20']);
  });

  it('writes its turns into the log when told to', () => {
    const own = createVirtualHost({ logTurns: true, turnMs: 2 });
    own.turns.macrotask(() => own.time.setTimer(() => undefined, 3));
    own.runUntilIdleSync();
    expect(own.takeLog()).toEqual(['2ms macrotask', '5ms timer']);
  });

  it('starts workers that are defined, kills them and has them fail, one at a time', () => {
    host.defineWorker('a.js', (pipe) =>
      pipe.listen({ message: (each) => pipe.send([each]), end: () => host.note('over') }),
    );
    const worker = host.threads.createWorker('a.js', {});
    const got: unknown[] = [];
    worker.onError((error) => got.push(error.message));
    worker.listen({ message: (message) => got.push(message), end: (error) => got.push(['end', error]) });
    worker.send(1);
    expect(() => host.threads.createWorker('a.js', {})).toThrow(
      expect.objectContaining({ code: 'ERR_WORKER_BUSY' }),
    );
    host.runUntilIdleSync();
    host.workers[0]!.fail(new Error('inside'));
    expect(() => host.assertClean()).toThrow(/still lives/);
    host.workers[0]!.kill('killed');
    expect(got).toEqual([[1], 'inside', ['end', 'killed']]);
    expect(host.takeLog()).toEqual(['over']);
  });

  it('kills a worker as the system does unless told otherwise', () => {
    host.defineWorker('a.js', (pipe) => pipe.listen({ message: () => undefined, end: () => undefined }));
    const ends: unknown[] = [];
    const worker = host.threads.createWorker('a.js', {});
    worker.listen({ message: () => undefined, end: (error) => ends.push(error) });
    host.workers[0]!.kill();
    expect(ends).toEqual([expect.objectContaining({ code: 'ERR_WORKER_LOST', value: 'a.js' })]);
    host.runUntilIdleSync();
  });

  it('has a worker hang, which then hears and says nothing more', () => {
    host.defineWorker('a.js', (pipe) => {
      pipe.listen({ message: (each) => pipe.send(each), end: () => host.note('over') });
      host.time.setTimer(() => pipe.send('late'), 10);
    });
    const worker = host.threads.createWorker('a.js', {});
    const got: unknown[] = [];
    worker.listen({ message: (message) => got.push(message), end: () => got.push('end') });
    worker.send(1);
    host.advanceSync(0);
    worker.send(2);
    host.workers[0]!.hang();
    host.runUntilIdleSync();
    expect([got, host.workers[0]!.live]).toEqual([[1], true]);
    worker.close();
    host.runUntilIdleSync();
    expect(host.takeLog()).toEqual(['over']);
  });

  it('refuses the next starts when told to', () => {
    host.defineWorker('a.js', () => undefined);
    const start = (): HostWorker => host.threads.createWorker('a.js', {});
    host.failStarts(2);
    host.failStarts(1, new RangeError('no memory'));
    for (const refusal of ['WorkerStartError', 'WorkerStartError', 'RangeError'])
      expect(start).toThrow(expect.objectContaining({ name: refusal }));
    start().close();
    host.runUntilIdleSync();
    expect(host.workers).toHaveLength(1);
  });
});
