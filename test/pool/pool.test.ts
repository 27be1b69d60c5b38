import { describe, expect, it } from 'vitest';
import { AbortController } from '../../src/core/abort.js';
import { createPool } from '../../src/pool.js';
import { currentCall } from '../../src/rpc/call-context.js';
import { scheduler } from '../../src/scheduler/scheduler.js';
import { PoolStage, url, watch } from './pool-stage.js';

const stage = PoolStage.perTest();

describe('a pool of threads', () => {
  it('gives a job to a thread and its result to the caller', async () => {
    const pool = stage.pool();
    const outcome = watch(pool.run('work', ['a', 5]));
    await stage.host.runUntilIdle();
    expect(outcome).toEqual({ state: 'fulfilled', value: 'a' });
    expect(stage.ran).toEqual(['thread 1: a']);
  });

  it('rejects with what the job throws', async () => {
    const outcome = watch(stage.pool().run('fail', ['no']));
    await stage.host.runUntilIdle();
    expect(outcome).toMatchObject({ state: 'rejected', code: 'ERR_OF_THE_JOB' });
  });

  it('runs a generator to its end and gives what it returns', async () => {
    const outcome = watch(stage.pool().run('steps', ['g', 100]));
    await stage.host.runUntilIdle();
    expect(outcome).toEqual({ state: 'fulfilled', value: 'g' });
  });

  it('spreads jobs over its threads', async () => {
    const pool = stage.pool({ count: 3 });
    for (const name of ['a', 'b', 'c']) void pool.run('work', [name, 5]);
    await stage.host.runUntilIdle();
    expect(stage.ran.sort()).toEqual(['thread 1: a', 'thread 2: b', 'thread 3: c']);
  });

  it('runs what is urgent first', async () => {
    const pool = stage.pool({ maxInFlight: 1 });
    for (const priority of ['background', 'user-visible', 'user-blocking'] as const)
      void pool.run('work', [priority, 5], { priority });
    await stage.host.runUntilIdle();
    expect(stage.ran.map((each) => each.split(': ')[1])).toEqual([
      'user-blocking',
      'user-visible',
      'background',
    ]);
  });

  it('lets an idle thread steal from the busiest, and says so', async () => {
    const pool = stage.pool({ count: 2, maxInFlight: 1 });
    await stage.host.advance(1);
    // Every second one is long: they would all wait for the same thread.
    for (let at = 0; at < 10; at++) void pool.run('work', [String(at), at % 2 === 0 ? 100 : 1]);
    await stage.host.runUntilIdle();
    const { processors } = pool.stats();
    expect(processors.map(({ run }) => run).reduce((a, b) => a + b)).toBe(10);
    expect(processors[1]!.stolen).toBeGreaterThan(0);
    expect(processors[0]).toMatchObject({ name: 'thread 1', queued: 0, inFlight: 0, stolen: 0 });
    expect(processors[0]!.waitMs.p99).toBeGreaterThan(50);
    expect(processors[0]!.utilisation).toBeGreaterThan(0.5);
  });

  it('copies arguments when they are given', async () => {
    const names = ['before'];
    const outcome = watch(stage.pool().run('note', names as never));
    names[0] = 'after';
    const nested = watch(
      createPoolOf({ count: (rows: { n: number }[]) => rows[0]!.n }).run('count', [given]),
    );
    given[0]!.n = 2;
    await stage.host.runUntilIdle();
    expect([outcome.value, nested.value]).toEqual(['before', 1]);
  });

  it('refuses a job above maxQueued, and takes others when there is room', async () => {
    const pool = stage.pool({ maxInFlight: 1, maxQueued: 2 });
    await stage.host.advance(1);
    const outcomes = [1, 2, 3, 4].map((n) => watch(pool.run('work', [String(n), 5])));
    await stage.host.advance(1);
    expect(outcomes.map(({ state, code }) => code ?? state)).toEqual([
      'pending',
      'pending',
      'pending',
      'ERR_QUEUE_FULL',
    ]);
    await stage.host.runUntilIdle();
    const late = watch(pool.run('work', ['late', 1]));
    await stage.host.runUntilIdle();
    expect(late.state).toBe('fulfilled');
  });

  it.each([
    [{}, /worker must be given/],
    [{ inline: true }, /jobs must be the code/],
    [{ inline: {} }, /functions of its own/],
    [{ worker: 'workers/index.js' }, /worker must be/],
    [{ worker: { url, count: 0 } }, /count must be an integer from 1 to 64/],
    [{ worker: { url }, maxQueued: 0 }, /maxQueued must be/],
    [{ worker: { url }, maxInFlight: 2000 }, /maxInFlight must be/],
    [{ worker: { url }, defer: {} }, /above must be/],
    [{ worker: { url }, defer: { above: 1, to: 'disk' } }, /to must be/],
    [{ worker: { url }, defer: { above: 1, perSecond: 0 } }, /perSecond must be/],
    [{ worker: { url }, defer: { above: 1 }, name: 'a b' }, /name must be/],
    [{ worker: { url }, defer: { above: 1, onReplay: 1 } }, /onReplay must be/],
  ])('refuses %j at once', (options, message) => {
    expect(() => createPool(options as never)).toThrow(message);
    expect(stage.host.workers).toHaveLength(0);
  });

  it.each([
    ['', [], {}, 'ERR_INVALID_ARGUMENT'],
    ['note', 'x', {}, 'ERR_INVALID_ARGUMENT'],
    ['note', [], { id: 'a b' }, 'ERR_INVALID_ARGUMENT'],
    ['note', [], { priority: 'high' }, 'ERR_UNKNOWN_PRIORITY'],
    ['note', [], { signal: 1 }, undefined],
    ['note', [() => 1], {}, 25],
    ['none', [], {}, 'ERR_CALL_NOT_FOUND'],
  ])('rejects run(%j, %j, %j)', async (name, args, options, code) => {
    const outcome = watch(stage.pool().run(name as never, args as never, options as never));
    await stage.host.runUntilIdle();
    expect(outcome.state).toBe('rejected');
    expect(outcome.code).toBe(code);
  });
});

const given = [{ n: 1 }];

function createPoolOf<Jobs extends object>(jobs: Jobs) {
  return createPool<Jobs>({ inline: jobs });
}

describe('a job with a signal', () => {
  it('that waits never runs, and leaves its queue at once', async () => {
    const pool = stage.pool({ maxInFlight: 1 });
    const controller = new AbortController();
    const kept = watch(pool.run('work', ['kept', 5]));
    const outcome = watch(pool.run('work', ['gone', 5], { signal: controller.signal }));
    controller.abort('enough');
    expect(pool.stats().queued).toBe(1);
    await stage.host.runUntilIdle();
    expect(outcome).toEqual({ state: 'rejected', value: 'enough' });
    expect(kept.state).toBe('fulfilled');
    expect(stage.ran).toEqual(['thread 1: kept']);
  });

  it('that runs in a thread rejects at once', async () => {
    const pool = stage.pool();
    const controller = new AbortController();
    const outcome = watch(pool.run('work', ['long', 1000], { signal: controller.signal }));
    await stage.host.advance(10);
    controller.abort('enough');
    await stage.host.advance(1);
    expect(outcome).toEqual({ state: 'rejected', value: 'enough' });
    expect(pool.stats().processors[0]!.inFlight).toBe(0);
  });

  it('that was aborted before is not queued', async () => {
    const outcome = watch(
      stage.pool().run('note', ['a'], { signal: AbortController.prototype && aborted() }),
    );
    await stage.host.runUntilIdle();
    expect(outcome).toEqual({ state: 'rejected', value: 'before' });
    expect(stage.ran).toEqual([]);
  });

  it('leaves nothing at the signal when it has ended', async () => {
    const pool = stage.pool();
    const listeners = new Set<unknown>();
    const signal = {
      aborted: false,
      addEventListener: (_type: string, listener: unknown) => listeners.add(listener),
      removeEventListener: (_type: string, listener: unknown) => listeners.delete(listener),
    };
    await stage.host.advance(1);
    for (let at = 0; at < 100; at++) void pool.run('note', ['a'], { signal: signal as never });
    await stage.host.runUntilIdle();
    // A foreign signal is followed by one listener, however many jobs had it.
    expect(listeners.size).toBe(1);
  });

  function aborted() {
    const controller = new AbortController();
    controller.abort('before');
    return controller.signal;
  }
});

describe('a thread that dies', () => {
  it('takes the jobs under way with it, unless they are idempotent, and none that waits', async () => {
    const pool = stage.pool({ count: 2, maxInFlight: 2 });
    await stage.host.advance(1);
    const plain = [1, 2, 3, 4, 5, 6].map((n) => watch(pool.run('work', [`plain ${n}`, 50])));
    await stage.host.advance(10);
    stage.host.workers[0]!.kill();
    await stage.host.runUntilIdle();
    expect(plain.map(({ state, code }) => code ?? state).sort()).toEqual([
      'ERR_WORKER_LOST',
      'ERR_WORKER_LOST',
      ...new Array<string>(4).fill('fulfilled'),
    ]);
  });

  it('has idempotent jobs run again by another', async () => {
    const pool = stage.pool({ count: 2 });
    await stage.host.advance(1);
    const outcomes = [1, 2].map((n) => watch(pool.run('work', [String(n), 50], { idempotent: true })));
    await stage.host.advance(10);
    stage.host.workers[0]!.kill();
    await stage.host.runUntilIdle();
    expect(outcomes.map(({ state }) => state)).toEqual(['fulfilled', 'fulfilled']);
    expect(stage.ran).toEqual(['thread 1: 1', 'thread 2: 2', 'thread 2: 1']);
  });

  it('at last loses an idempotent job, too', async () => {
    const pool = stage.pool({ worker: { url, restart: { budget: 100 } } });
    const outcome = watch(pool.run('work', ['bad', 1000], { idempotent: true }));
    for (let deaths = 0; deaths < 4; deaths++) {
      await stage.host.advance(10_000 - (deaths === 0 ? 9_990 : 9_500));
      stage.host.workers[stage.host.workers.length - 1]!.kill();
    }
    await stage.host.runUntilIdle();
    expect(outcome).toMatchObject({ state: 'rejected', code: 'ERR_WORKER_LOST' });
    expect(stage.ran).toHaveLength(4);
  });

  it('for good leaves the pool: what waits goes to the others', async () => {
    const pool = stage.pool({ worker: { url, count: 2, restart: false }, maxInFlight: 1 });
    await stage.host.advance(1);
    const outcomes = [1, 2, 3, 4, 5, 6].map((n) => watch(pool.run('work', [String(n), 50])));
    await stage.host.advance(10);
    stage.host.workers[0]!.kill();
    await stage.host.runUntilIdle();
    expect(outcomes.filter(({ state }) => state === 'fulfilled')).toHaveLength(5);
  });

  it('for good, being the last, rejects what waits and what comes', async () => {
    const pool = stage.pool({ worker: { url, restart: false }, maxInFlight: 1 });
    await stage.host.advance(1);
    const outcomes = [1, 2, 3].map((n) => watch(pool.run('work', [String(n), 50])));
    await stage.host.advance(10);
    stage.host.workers[0]!.kill();
    await stage.host.runUntilIdle();
    const late = watch(pool.run('work', ['late', 1]));
    await stage.host.runUntilIdle();
    expect([...outcomes, late].map(({ code }) => code)).toEqual(new Array(4).fill('ERR_WORKER_LOST'));
  });

  it('for good, being the last, rejects what was put off, too', async () => {
    const pool = stage.pool({ worker: { url, restart: false }, maxInFlight: 1, defer: { above: 0 } });
    await stage.host.advance(1);
    const run = (name: string) => watch(pool.run('work', [name, 50], { priority: 'background' }));
    const outcomes = [run('a'), run('b')];
    await stage.host.advance(10);
    stage.host.workers[0]!.kill();
    await stage.host.runUntilIdle();
    outcomes.push(run('late'));
    await stage.host.runUntilIdle();
    expect(outcomes.map(({ code }) => code)).toEqual(new Array(3).fill('ERR_WORKER_LOST'));
  });

  it('that never starts leaves the work to this thread', async () => {
    stage.host.failStarts(1);
    const pool = stage.pool({ inline: stage.inline });
    const outcomes = [1, 2, 3].map((n) => watch(pool.run('work', [String(n), 50])));
    await stage.host.runUntilIdle();
    expect(outcomes.map(({ state }) => state)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    expect(stage.ran).toEqual(['inline: 1', 'inline: 2', 'inline: 3']);
  });
});

describe('this thread in a pool', () => {
  it('steals in idle slices what waits for a thread', async () => {
    const { inline: jobs } = stage;
    const pool = stage.pool({ inline: { ...jobs, work: (name) => jobs.work(name, 1) }, maxInFlight: 1 });
    await stage.host.advance(1);
    for (let at = 0; at < 10; at++) void pool.run('work', [String(at), 8]);
    await stage.host.runUntilIdle();
    const [thread, inline] = pool.stats().processors;
    expect(inline!.run).toBeGreaterThan(1);
    expect(inline!.stolen).toBe(inline!.run);
    expect(thread!.run + inline!.run).toBe(10);
  });

  it('begins no job while a task that is more urgent waits', async () => {
    const pool = stage.pool({ inline: stage.inline, maxInFlight: 1 });
    await stage.host.advance(1);
    let busy = true;
    const tap = (): void => {
      stage.host.costMs(3);
      if (busy) scheduler.scheduleTask(tap, 'user-blocking');
    };
    tap();
    for (let at = 0; at < 5; at++) void pool.run('work', [String(at), 50]);
    await stage.host.advance(60);
    expect(stage.ran.filter((each) => each.startsWith('inline'))).toEqual([]);
    busy = false;
    await stage.host.runUntilIdle();
    expect(stage.ran.some((each) => each.startsWith('inline'))).toBe(true);
  });

  it('leaves a plain function to the threads that once took longer than a slice', async () => {
    const pool = stage.pool({ inline: stage.inline, maxInFlight: 1 });
    await stage.host.advance(1);
    for (let at = 0; at < 6; at++) void pool.run('work', [String(at), 20]);
    await stage.host.runUntilIdle();
    expect(pool.stats().processors[1]!.run).toBe(1);
  });

  it('tries a plain function again that was slow once, because others had the processor', async () => {
    const { host, inline: jobs } = stage;
    let costMs = 40;
    const pool = stage.pool({ inline: { ...jobs, work: (name) => jobs.work(name, costMs) }, maxInFlight: 1 });
    await host.advance(1);
    const runTen = async (): Promise<number> => {
      const before = pool.stats().processors[1]!.run;
      for (let at = 0; at < 10; at++) void pool.run('work', [String(at), 20]);
      await host.runUntilIdle();
      return pool.stats().processors[1]!.run - before;
    };
    expect(await runTen()).toBe(1);
    costMs = 1;
    expect(await runTen()).toBe(0);
    await host.advance(10_000);
    expect(await runTen()).toBeGreaterThan(1);
  });

  it('runs generators in slices, with tasks between', async () => {
    const { host } = stage;
    const pool = createPool({
      worker: { url },
      maxInFlight: 1,
      inline: {
        work: (name: string, _ms: number) => name,
        *steps(name: string, count: number) {
          for (let at = 0; at < count; at++) {
            host.costMs(1);
            yield;
          }
          host.note(name);
          return currentCall()!.priority;
        },
      },
    });
    await host.advance(1);
    void pool.run('work', ['first', 1000]);
    const outcome = watch(pool.run('steps', ['stepped', 100]));
    await host.advance(0);
    scheduler.scheduleTask(() => host.note('tap'), 'user-blocking');
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['tap', 'stepped']);
    expect(outcome).toEqual({ state: 'fulfilled', value: 'user-visible' });
    void pool.close();
  });

  it('by itself runs jobs by their priority', async () => {
    const pool = createPool({ inline: stage.inline });
    const outcomes = (['background', 'user-blocking'] as const).map((priority) =>
      watch(pool.run('work', [priority, 5], { priority })),
    );
    await stage.host.runUntilIdle();
    expect(outcomes.map(({ state }) => state)).toEqual(['fulfilled', 'fulfilled']);
    expect(pool.stats().processors).toMatchObject([{ name: 'inline', run: 2 }]);
  });

  it('by itself knows no other jobs than its own, put off or not', async () => {
    const pool = createPool({ inline: stage.inline, defer: { above: 0 } });
    const outcomes = (['background', 'user-blocking'] as const).map((priority) =>
      watch(pool.run('toString' as never, [] as never, { priority })),
    );
    await stage.host.runUntilIdle();
    expect(outcomes.map(({ code }) => code)).toEqual(['ERR_CALL_NOT_FOUND', 'ERR_CALL_NOT_FOUND']);
  });

  it('gives a copy of what a job returns', async () => {
    const kept = { rows: [1] };
    const pool = createPool({ inline: { rows: () => kept } });
    const outcome = watch(pool.run('rows', []));
    await stage.host.runUntilIdle();
    expect(outcome.value).toEqual(kept);
    expect(outcome.value).not.toBe(kept);
  });

  it('knows the job that it runs', async () => {
    const pool = createPool({ inline: { ask: () => ({ ...currentCall()!.metadata }) } });
    const outcome = watch(pool.run('ask', [], { id: 'order-7' }));
    await stage.host.runUntilIdle();
    expect(outcome.value).toEqual({ job: 'order-7' });
  });
});

describe('jobs that are put off', () => {
  it('wait until no other does', async () => {
    const pool = stage.pool({ maxInFlight: 1, defer: { above: 2 } });
    await stage.host.advance(1);
    for (let at = 0; at < 3; at++) void pool.run('work', [`first ${at}`, 5]);
    void pool.run('work', ['put off', 5], { priority: 'background' });
    expect(pool.stats()).toMatchObject({ queued: 2, deferred: 1 });
    await stage.host.advance(8);
    // Of the same priority, but later.
    void pool.run('work', ['later', 5], { priority: 'background' });
    await stage.host.runUntilIdle();
    expect(stage.ran.map((each) => each.slice(10))).toEqual([
      'first 0',
      'first 1',
      'first 2',
      'later',
      'put off',
    ]);
  });

  it('are refused above maxDeferred', async () => {
    const pool = stage.pool({ defer: { above: 0, maxDeferred: 1 } });
    const outcomes = [1, 2].map((n) => watch(pool.run('work', [String(n), 5], { priority: 'background' })));
    await stage.host.runUntilIdle();
    expect(outcomes.map(({ code, state }) => code ?? state)).toEqual(['fulfilled', 'ERR_QUEUE_FULL']);
  });
});

describe('a pool that is closed', () => {
  it('rejects what waits, lets end what runs, and then ends the threads that it started', async () => {
    const pool = stage.pool({ maxInFlight: 1, defer: { above: 1 } });
    await stage.host.advance(1);
    const outcomes = [1, 2, 3].map((n) =>
      watch(pool.run('work', [String(n), 50], { priority: 'background' })),
    );
    await stage.host.advance(5);
    const closed = watch(pool.close());
    const late = watch(pool.run('note', ['late']));
    await stage.host.advance(5);
    expect([...outcomes, late].map(({ code, state }) => code ?? state)).toEqual([
      'pending',
      'ERR_POOL_CLOSED',
      'ERR_POOL_CLOSED',
      'ERR_POOL_CLOSED',
    ]);
    expect([closed.state, stage.host.workers[0]!.live]).toEqual(['pending', true]);
    await stage.host.runUntilIdle();
    expect([closed.state, outcomes[0]!.state, stage.host.workers[0]!.live]).toEqual([
      'fulfilled',
      'fulfilled',
      false,
    ]);
    expect(pool.close()).toBe(pool.close());
  });

  it('leaves workers that it was given', async () => {
    const worker = stage.worker();
    const pool = createPool({ worker });
    await stage.host.runUntilIdle();
    void pool.close();
    await stage.host.runUntilIdle();
    expect(worker.state).toBe('ready');
    worker.terminate();
    await stage.host.runUntilIdle();
  });
});
