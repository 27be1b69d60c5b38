/** Jobs in storage: what a crash at each write leaves behind, and what storage may do. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryStorage, createPool } from '../../src/pool.js';
import type { DeferOptions, HostStorage, JobOptions, Pool, ReplayedJob } from '../../src/pool.js';
import { AbortController } from '../../src/core/abort.js';
import { currentCall } from '../../src/rpc/call-context.js';
import { expose } from '../../src/rpc/expose.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';
import { WorkerScope } from '../../src/worker/worker-scope.js';
import { runs, timeoutMs } from '../deep/scale.js';
import { watch } from './pool-stage.js';

const url = 'workers/jobs.js';
const prefix = 'mp-lanes.pool.pool.';

/** When the app ends: before or after which operation of the storage, counted over one start. */
interface Crash {
  readonly atOperation: number;
  readonly isAfter: boolean;
}

/** A storage that is cut off: what is asked of it later never comes back, and changes nothing. */
function cuttable(texts: Map<string, string>, crash: Crash | null) {
  const inner = createMemoryStorage(texts);
  const state = { operations: 0, isCut: false };
  const step = <T>(run: () => PromiseLike<T>): PromiseLike<T> => {
    if (state.isCut) return new Promise<T>(() => undefined);
    const isLast = crash !== null && state.operations++ === crash.atOperation;
    if (!isLast) return run();
    state.isCut = true;
    if (crash.isAfter) void run();
    return new Promise<T>(() => undefined);
  };
  const storage: HostStorage = {
    keys: () => step(() => inner.keys()),
    read: (key) => step(() => inner.read(key)),
    write: (key, text) => step(() => inner.write(key, text)),
    remove: (key) => step(() => inner.remove(key)),
  };
  return { storage, state };
}

/** What has happened over all starts of an app. */
class Story {
  readonly texts = new Map<string, string>();
  readonly acknowledged = new Set<string>();
  readonly times = new Map<string, number>();
  readonly replayed: ReplayedJob[] = [];
  private given = 0;

  jobs(isDead: () => boolean) {
    return {
      save: (id: string): string => {
        // An app that has ended runs nothing.
        if (!isDead()) this.times.set(id, (this.times.get(id) ?? 0) + 1);
        return id;
      },
    };
  }

  /** One start of the app, in which `count` jobs come; it ends by itself, or by the crash. */
  async start(count: number, crash: Crash | null): Promise<boolean> {
    const host = createVirtualHost();
    const uninstall = host.install();
    const { storage, state } = cuttable(this.texts, crash);
    const pool = createPool({
      inline: this.jobs(() => state.isCut),
      defer: { above: 0, to: 'storage', storage, onReplay: (job) => this.replayed.push(job) },
    });
    for (let at = 0; at < count; at++) {
      const id = `job-${this.given++}`;
      const onStored = (stored: string): void => {
        if (!state.isCut) this.acknowledged.add(stored);
      };
      pool.run('save', [id], { id, priority: 'background', onStored }).catch(() => undefined);
    }
    await host.advance(60_000);
    if (!state.isCut) {
      void pool.close();
      await host.runUntilIdle();
      host.assertClean();
    }
    uninstall();
    return state.isCut;
  }
}

function check({ acknowledged, times, texts }: Story, crashes: number): void {
  expect(Array.from(acknowledged).filter((id) => !times.has(id))).toEqual([]);
  const repeats = Array.from(times.values()).reduce((sum, each) => sum + each - 1, 0);
  expect(repeats).toBeLessThanOrEqual(crashes);
  expect(Array.from(texts.keys())).toEqual([]);
}

describe('a crash', () => {
  for (const isAfter of [false, true])
    it(`${isAfter ? 'after' : 'before'} each operation of the storage loses nothing that was acknowledged`, async () => {
      let isOver = false;
      let crashes = 0;
      for (let atOperation = 0; !isOver; atOperation++) {
        const story = new Story();
        isOver = !(await story.start(4, { atOperation, isAfter }));
        if (!isOver) crashes++;
        await story.start(2, null);
        check(story, 1);
      }
      // Keys once; four writes; and for each job a write and a removal.
      expect(crashes).toBe(1 + 4 + 8);
    });

  it('and another, and another, repeats one job each at most', { timeout: timeoutMs }, async () => {
    const crash = fc.record({ atOperation: fc.nat({ max: 25 }), isAfter: fc.boolean() });
    const starts = fc.array(fc.tuple(fc.nat({ max: 4 }), crash), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(starts, async (each) => {
        const story = new Story();
        let crashes = 0;
        for (const [count, at] of each) if (await story.start(count, at)) crashes++;
        await story.start(1, null);
        check(story, crashes);
      }),
      runs(100, 20_000),
    );
  });
});

describe('stored jobs', () => {
  let host: VirtualHost;
  let uninstall: () => void;
  let texts: Map<string, string>;
  let ran: string[];
  let replayed: ReplayedJob[];
  let pools: Pool<Jobs>[];

  interface Jobs {
    save(id: string): string;
    fail(): never;
    meta(): object;
  }

  beforeEach(() => {
    host = createVirtualHost({ maxWorkers: 4 });
    uninstall = host.install();
    texts = new Map();
    ran = [];
    replayed = [];
    pools = [];
  });
  afterEach(async () => {
    for (const pool of pools) void pool.close();
    await host.runUntilIdle();
    host.assertClean();
    uninstall();
  });

  const jobs: Jobs = {
    save: (id) => {
      ran.push(id);
      return id;
    },
    fail: () => {
      throw new Error('no');
    },
    meta: () => ({ ...currentCall()!.metadata }),
  };

  function pool(defer: Partial<DeferOptions> = {}, options: object = { inline: jobs }): Pool<Jobs> {
    const storage = createMemoryStorage(texts);
    const made = createPool<Jobs>({
      ...options,
      defer: {
        above: 0,
        to: 'storage',
        storage,
        onReplay: (job) => void replayed.push(job),
        ...defer,
      },
    });
    pools.push(made);
    return made;
  }

  const background: JobOptions = { priority: 'background' };
  const storedJob = (name: string, args: unknown[] = [], tries = 0): string =>
    JSON.stringify([1, name, 2, 'an-id', tries, JSON.stringify(args), []]);

  it('settle their callers in the start in which they were given', async () => {
    const made = pool();
    const fine = watch(made.run('save', ['a'], background));
    const failed = watch(made.run('fail', [], background));
    expect(made.stats().stored).toBe(2);
    await host.runUntilIdle();
    expect([fine.value, (failed.value as Error).message]).toEqual(['a', 'no']);
    expect([made.stats().stored, texts.size, replayed]).toEqual([0, 0, []]);
  });

  it('of an earlier start are told to onReplay', async () => {
    texts.set(`${prefix}00000001`, storedJob('save', ['a']));
    texts.set(`${prefix}00000002`, storedJob('fail'));
    texts.set('of somebody else', 'x');
    pool();
    await host.runUntilIdle();
    expect(replayed).toMatchObject([
      { id: 'an-id', name: 'save', status: 'fulfilled', value: 'a' },
      { id: 'an-id', name: 'fail', status: 'rejected', reason: { message: 'no' } },
    ]);
    expect(Array.from(texts.keys())).toEqual(['of somebody else']);
  });

  it('run in the order in which they came, at most so many a second', async () => {
    for (const at of [3, 1, 2]) texts.set(`${prefix}0000000${at}`, storedJob('save', [String(at)]));
    pool({ perSecond: 2 });
    await host.advance(499);
    expect(ran).toEqual([]);
    await host.advance(2);
    expect(ran).toEqual(['1']);
    await host.advance(498);
    expect(ran).toEqual(['1']);
    await host.advance(502);
    expect(ran).toEqual(['1', '2', '3']);
  });

  it('wait while many others do', async () => {
    texts.set(`${prefix}00000001`, storedJob('save', ['stored']));
    host.defineWorker(url, () => undefined);
    const made = pool({ above: 2 }, { worker: { url, startTimeoutMs: 5000, restart: false } });
    const others = [1, 2, 3].map((n) => watch(made.run('save', [String(n)])));
    const own = watch(made.run('save', ['own'], background));
    await host.advance(4000);
    expect(made.stats()).toMatchObject({ queued: 3, stored: 2 });
    await host.advance(10_000);
    const late = watch(made.run('save', ['late'], background));
    await host.advance(1000);
    others.push(own, late);
    expect(others.map(({ code }) => code)).toEqual(new Array(5).fill('ERR_WORKER_START'));
    // Nothing can run them in this start: they stay for the next, and nobody was told that the late one is stored.
    expect(texts.size).toBe(2);
    expect(host.takeErrors()).toEqual([]);
  });

  it.each([
    ['no JSON', '{'],
    ['no record', '{"a":1}'],
    ['another version', storedJob('save').replace('[1,', '[9,')],
    ['a rank that is none', storedJob('save').replace(',2,', ',7,')],
    ['an id that is none', storedJob('save').replace('an-id', '../x')],
    ['tries that are none', storedJob('save', [], -1)],
    ['arguments that are no array', JSON.stringify([1, 'save', 2, 'an-id', 0, '{"length":1}', []])],
    ['arguments that are nothing', JSON.stringify([1, 'save', 2, 'an-id', 0, '[[', []])],
    ['buffers that are none', JSON.stringify([1, 'save', 2, 'an-id', 0, '[]', ['?']])],
    ['no text', 7 as unknown as string],
    ['a text without end', `"${'x'.repeat(400_000)}"`],
  ])('that are %s lose only themselves', async (_what, text) => {
    texts.set(`${prefix}00000001`, text);
    texts.set(`${prefix}00000002`, storedJob('save', ['good']));
    pool();
    await host.runUntilIdle();
    expect(ran).toEqual(['good']);
    expect(replayed.map(({ name, status }) => [name, status])).toEqual([
      ['', 'rejected'],
      ['save', 'fulfilled'],
    ]);
    expect((replayed[0]!.reason as { code: string }).code).toMatch(/^ERR_(JOB_RECORD|PROTOCOL)$/);
    expect(texts.size).toBe(0);
  });

  it('whose arguments would change a prototype change none', async () => {
    texts.set(
      `${prefix}00000001`,
      JSON.stringify([1, 'save', 2, 'an-id', 0, '[{"__proto__":{"polluted":1}}]', []]),
    );
    texts.set(`${prefix}00000002`, storedJob('__proto__'));
    texts.set(`${prefix}00000003`, storedJob('constructor'));
    pool();
    await host.runUntilIdle();
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(replayed.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected']);
  });

  it('that were begun five times are given up', async () => {
    texts.set(`${prefix}00000001`, storedJob('save', ['bad'], 5));
    pool();
    await host.runUntilIdle();
    expect([ran, texts.size]).toEqual([[], 0]);
    expect(replayed).toMatchObject([{ status: 'rejected', reason: { code: 'ERR_JOB_ABANDONED' } }]);
  });

  it('without onReplay tell the host when they fail', async () => {
    texts.set(`${prefix}00000001`, storedJob('fail'));
    pool({ onReplay: undefined as never });
    await host.runUntilIdle();
    expect(host.takeErrors()).toMatchObject([{ message: 'no' }]);
  });

  it('run again where a thread dies under them', async () => {
    host.defineWorker(url, (pipe) => {
      const scope = new WorkerScope();
      scope.connect(pipe);
      expose(
        {
          save: (id: string) => {
            ran.push(id);
            if (ran.length < 3) host.workers[host.workers.length - 1]!.kill();
            return id;
          },
        },
        scope,
      );
    });
    const outcome = watch(pool({}, { worker: { url } }).run('save', ['a'], background));
    await host.runUntilIdle();
    expect([outcome.value, ran.length, texts.size]).toEqual(['a', 3, 0]);
  });

  it('are forgotten when they are aborted', async () => {
    const controller = new AbortController();
    const made = pool();
    const early = watch(made.run('save', ['a'], { ...background, signal: controller.signal }));
    await host.advance(1);
    const late = watch(made.run('save', ['b'], { ...background, signal: controller.signal }));
    controller.abort('enough');
    await host.runUntilIdle();
    expect([early.value, late.value, ran, texts.size]).toEqual(['enough', 'enough', [], 0]);
  });

  it('stay where they are when the pool is closed', async () => {
    const made = pool();
    const outcome = watch(made.run('save', ['a'], background));
    await host.advance(1);
    void made.close();
    await host.runUntilIdle();
    expect([outcome.code, texts.size]).toEqual(['ERR_POOL_CLOSED', 1]);
    pool();
    await host.runUntilIdle();
    expect([ran, texts.size]).toEqual([['a'], 0]);
  });

  it('of two pools of one name are refused', async () => {
    const storage = createMemoryStorage(texts);
    const made = pool({ storage });
    expect(() => pool({ storage })).toThrow(/name must be another/);
    void made.close();
    await host.runUntilIdle();
    expect(() => pool({ storage })).not.toThrow();
  });

  it('have an id of their own, which the job finds', async () => {
    const ids: string[] = [];
    const made = pool();
    const outcome = watch(made.run('meta', [], { ...background, onStored: (id) => void ids.push(id) }));
    await host.runUntilIdle();
    expect(ids[0]).toMatch(/^[\w-]{8,64}$/);
    expect(outcome.value).toEqual({ job: ids[0] });
  });

  it('keep what structured clone keeps', async () => {
    const seen: unknown[] = [];
    const made = createPool<{ take(value: unknown): void }>({
      inline: { take: (value) => void seen.push(value) },
      defer: { above: 0, to: 'storage', storage: createMemoryStorage(texts) },
    });
    const value = { at: new Date(5), map: new Map([[1, new Uint8Array([1, 2])]]) };
    await Promise.all([made.run('take', [value], background), host.runUntilIdle()]);
    expect(seen).toEqual([value]);
    void made.close();
    await host.runUntilIdle();
  });

  it.each(['keys', 'write'] as const)('wait in memory where the storage refuses %s', async (method) => {
    const storage = { ...createMemoryStorage(texts), [method]: () => Promise.reject(new Error('full')) };
    const stored: string[] = [];
    const made = pool({ storage });
    const outcome = watch(made.run('save', ['a'], { ...background, onStored: (id) => void stored.push(id) }));
    await host.runUntilIdle();
    expect([outcome.value, stored]).toEqual(['a', []]);
    if (method === 'keys') expect(host.takeErrors()).toMatchObject([{ message: 'full' }]);
  });

  it('go on where the storage refuses to remove, and say so', async () => {
    const storage = { ...createMemoryStorage(texts), remove: () => Promise.reject(new Error('stuck')) };
    const made = pool({ storage });
    const outcomes = ['a', 'b'].map((id) => watch(made.run('save', [id], background)));
    await host.runUntilIdle();
    expect(outcomes.map(({ value }) => value)).toEqual(['a', 'b']);
    expect(host.takeErrors()).toHaveLength(2);
  });

  it('run although the functions that hear of them throw, and the host is told', async () => {
    const broken = (): never => {
      throw new Error('broken');
    };
    texts.set(`${prefix}00000001`, storedJob('save', ['old']));
    const made = pool({ onReplay: broken });
    const outcome = watch(made.run('save', ['new'], { ...background, onStored: broken }));
    await host.runUntilIdle();
    expect([outcome.value, ran, texts.size]).toEqual(['new', ['old', 'new'], 0]);
    expect(host.takeErrors()).toMatchObject([{ message: 'broken' }, { message: 'broken' }]);
  });

  it('that are too long for a key wait in memory', async () => {
    const made = pool();
    const outcome = watch(made.run('save', ['x'.repeat(400_000)], background));
    await host.advance(0);
    expect(texts.size).toBe(0);
    await host.runUntilIdle();
    expect(outcome.state).toBe('fulfilled');
  });
});
