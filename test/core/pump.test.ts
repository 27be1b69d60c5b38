import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ASYNC_HOPS } from '../../src/core/pump.js';
import type { Rank } from '../../src/core/pump.js';
import { QueuedTask } from '../../src/core/task.js';
import type { Runtime } from '../../src/host/runtime.js';
import { createRuntime } from '../../src/host/runtime.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost, VirtualHostOptions } from '../../src/testing.js';

let host: VirtualHost;
let runtime: Runtime;

function start(options: VirtualHostOptions = {}): void {
  host = createVirtualHost(options);
  runtime = createRuntime(host);
}

beforeEach(() => start());
afterEach(() => host.assertClean());

const note = (line: string) => () => host.note(line);

/** A task that takes `ms`. */
function post(rank: Rank, line: string, ms = 0) {
  return runtime.pump.post(rank, () => {
    host.note(line);
    host.costMs(ms);
  });
}

describe('order', () => {
  it('runs by priority, first in first out within', () => {
    post(2, 'C1');
    post(1, 'B1');
    post(0, 'A1');
    post(2, 'C2');
    post(0, 'A2');
    post(1, 'B2');
    host.runUntilIdleSync();
    expect(host.takeLog()).toEqual(['A1', 'A2', 'B1', 'B2', 'C1', 'C2']);
  });

  it('runs a continuation before the tasks of its priority and after those of a higher one', () => {
    post(1, 'task');
    runtime.pump.postContinuation(1, note('continuation'));
    post(0, 'urgent');
    host.runUntilIdleSync();
    expect(host.takeLog()).toEqual(['urgent', 'continuation', 'task']);
  });

  it('keeps A before B when both go to another priority and come back, in either order', () => {
    const a = post(1, 'A');
    const b = post(1, 'B');
    post(1, 'C');
    for (const task of [b, a]) runtime.pump.reprioritise(task, 0);
    for (const task of [b, a]) runtime.pump.reprioritise(task, 1);
    host.runUntilIdleSync();
    expect(host.takeLog()).toEqual(['A', 'B', 'C']);
  });

  it('runs a task posted inside a task in the same slice, by its priority', () => {
    post(2, 'later');
    runtime.pump.post(1, () => {
      host.note('outer');
      post(0, 'inner');
    });
    host.runTurnSync();
    expect(host.takeLog()).toEqual(['outer', 'inner', 'later']);
  });

  it('never runs a cancelled task', () => {
    const task = post(1, 'cancelled');
    expect(runtime.pump.cancel(task)).toBe(true);
    expect(runtime.pump.cancel(task)).toBe(false);
    host.runUntilIdleSync();
    expect(host.takeLog()).toEqual([]);
  });
});

describe('slices', () => {
  it('arms one host callback however much is posted', () => {
    for (let index = 0; index < 100; index++) runtime.pump.post(1, () => undefined);
    expect(host.armed().macrotask).toBe(1);
    host.runUntilIdleSync();
  });

  it('ends a slice when its 5 ms are used up and goes on in the next turn', () => {
    for (let index = 0; index < 4; index++) post(1, `task ${index}`, 3);
    host.runTurnSync();
    expect(host.takeLog()).toEqual(['task 0', 'task 1']);
    expect(host.armed().macrotask).toBe(1);
    host.runUntilIdleSync();
    expect(host.takeLog()).toEqual(['task 2', 'task 3']);
  });

  it('says that it is time to yield when the budget is used up', () => {
    runtime.pump.post(1, () => {
      expect(runtime.pump.inSlice).toBe(true);
      expect(runtime.pump.timeRemaining()).toBe(5);
      host.costMs(4);
      expect(runtime.pump.shouldYield()).toBe(false);
      host.costMs(1);
      expect(runtime.pump.shouldYield()).toBe(true);
      expect(runtime.pump.timeRemaining()).toBe(0);
    });
    host.runUntilIdleSync();
    expect(host.takeErrors()).toEqual([]);
    expect(runtime.pump.inSlice).toBe(false);
  });

  it('counts the budget of a turn that is not a slice from the first question', () => {
    expect(runtime.pump.shouldYield()).toBe(false);
    host.costMs(5);
    expect(runtime.pump.shouldYield()).toBe(true);
    host.runUntilIdleSync();
    expect(runtime.pump.shouldYield()).toBe(false);
    host.runUntilIdleSync();
  });

  it('reports what a task throws and goes on', () => {
    const error = new Error('thrown');
    runtime.pump.post(0, () => {
      throw error;
    });
    post(1, 'next');
    host.runTurnSync();
    expect(host.takeErrors()).toEqual([error]);
    expect(host.takeLog()).toEqual(['next']);
  });

  it('arms the next turn within the slice where a turn is a timer, so that the delay overlaps', () => {
    start({ turnMs: 4, delayed: true });
    for (let index = 0; index < 10; index++) post(1, `task ${index}`, 1);
    host.advanceSync(4);
    const endedMs = host.time.now();
    host.takeLog();
    host.runUntilIdleSync();
    // Six tasks from 4 to 9 ms or so; the turn armed at 6 ms is due at 10 ms, and not at 13.
    expect(endedMs).toBeLessThanOrEqual(10);
    expect(host.time.now()).toBeLessThanOrEqual(16);
    host.takeLog();
  });

  it('makes no turn of small tasks longer than 12 ms, whatever the mix', () => {
    let longestMs = 0;
    let seed = 1;
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    for (let index = 0; index < 5000; index++) {
      runtime.pump.post((index % 3) as Rank, () => host.costMs(index % 500 < 250 ? 0.001 : random() * 0.5));
    }
    for (let startMs = host.time.now(); host.runTurnSync(); startMs = host.time.now()) {
      longestMs = Math.max(longestMs, host.time.now() - startMs);
    }
    expect(longestMs).toBeGreaterThan(4);
    expect(longestMs).toBeLessThanOrEqual(12);
  });
});

describe("the slice's end", () => {
  it('flushes once, at the end of the slice in progress', () => {
    runtime.pump.post(0, () => {
      runtime.pump.atSliceEnd(note('flush'));
      host.note('first');
    });
    post(1, 'second');
    host.runTurnSync();
    expect(host.takeLog()).toEqual(['first', 'second', 'flush']);
  });

  it('flushes in a microtask outside a slice, once for all', () => {
    runtime.pump.atSliceEnd(note('flush 1'));
    runtime.pump.atSliceEnd(note('flush 2'));
    expect(host.takeLog()).toEqual([]);
    host.runTurnSync();
    expect(host.takeLog()).toEqual(['flush 1', 'flush 2']);
  });

  it('flushes what is registered while flushing, and runs what is posted', () => {
    runtime.pump.post(0, () =>
      runtime.pump.atSliceEnd(() => {
        host.note('flush');
        runtime.pump.atSliceEnd(note('again 1'));
        runtime.pump.atSliceEnd(note('again 2'));
        post(1, 'posted');
      }),
    );
    host.runUntilIdleSync();
    expect(host.takeLog()).toEqual(['flush', 'again 1', 'again 2', 'posted']);
  });

  it('reports what a flush throws and runs the others', () => {
    runtime.pump.atSliceEnd(() => {
      throw new Error('flush');
    });
    runtime.pump.atSliceEnd(note('other'));
    host.runUntilIdleSync();
    expect(host.takeErrors()).toHaveLength(1);
    expect(host.takeLog()).toEqual(['other']);
  });
});

describe('expiry', () => {
  /** Posts a user-blocking task that posts itself again, until `untilMs`. */
  function saturate(rank: Rank, ms: number, untilMs: number): void {
    const again = (): void => {
      host.costMs(ms);
      if (host.time.now() < untilMs) runtime.pump.post(rank, again);
    };
    runtime.pump.post(rank, again);
  }

  it('runs a background task after 10 s though user-blocking work never ends', () => {
    saturate(0, 1, 12_000);
    let startedMs = 0;
    runtime.pump.post(2, () => (startedMs = host.time.now()));
    host.advanceSync(12_000);
    host.runUntilIdleSync();
    expect(startedMs).toBeGreaterThanOrEqual(10_000);
    expect(startedMs).toBeLessThan(10_020);
  });

  it('runs at most one expired task a slice, the one expired for longest', () => {
    runtime.pump.post(0, () => {
      post(2, 'background', 1);
      post(1, 'visible 1', 1);
      post(1, 'visible 2', 1);
      host.costMs(20_000);
    });
    host.runTurnSync();
    for (let index = 0; index < 3; index++) {
      runtime.pump.post(0, () => {
        host.note('blocking');
        host.costMs(5);
      });
      host.runTurnSync();
    }
    expect(host.takeLog()).toEqual([
      ...['visible 1', 'blocking'],
      ...['visible 2', 'blocking'],
      ...['background', 'blocking'],
    ]);
    host.runUntilIdleSync();
  });

  it('still expires a task when the clock steps back an hour', () => {
    saturate(0, 1, 30_000);
    let turns = 0;
    let started = false;
    runtime.pump.post(2, () => (started = true));
    host.advanceSync(1000);
    host.stepClock(-3_600_000);
    while (!started && turns++ < 4000) host.runTurnSync();
    expect(started).toBe(true);
    expect(turns).toBeLessThan(4000);
    saturate(0, 30_000, 0);
    host.stepClock(3_600_000);
    host.runUntilIdleSync();
  });
});

describe('promise jobs', () => {
  it('lets the jobs of a task run before the next task, within the slice', async () => {
    runtime.pump.post(1, () => {
      runtime.pump.letJobsRun(ASYNC_HOPS);
      void Promise.resolve()
        .then(() => host.note('job 1'))
        .then(() => host.note(`job 2 ${runtime.pump.inSlice}`));
    });
    post(1, 'next');
    await host.runTurn();
    expect(host.takeLog()).toEqual(['job 1', 'job 2 true', 'next']);
    expect(runtime.pump.inSlice).toBe(false);
  });

  it('counts tasks with jobs against the slice too', async () => {
    for (let index = 0; index < 20; index++) {
      runtime.pump.post(1, () => {
        host.costMs(1);
        runtime.pump.letJobsRun();
      });
    }
    await host.runTurn();
    expect(host.time.now()).toBeLessThanOrEqual(6);
    expect(runtime.pump.length).toBe(15);
    await host.runUntilIdle();
  });

  it('ends the slice instead where jobs are timers', async () => {
    start({ nativeJobs: false });
    runtime.pump.post(1, () => {
      runtime.pump.letJobsRun();
      host.turns.macrotask(note('job'));
    });
    post(1, 'next');
    await host.runTurn();
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['job', 'next']);
  });
});

describe('a slice opened by a turn of somebody else', () => {
  it('runs what that turn queues in itself, and arms no turn for it', () => {
    runtime.pump.runSlice(() => {
      post(1, 'B');
      post(0, 'A');
      host.note('brought');
    });
    expect(host.takeLog()).toEqual(['brought', 'A', 'B']);
    expect(runtime.pump.isArmed).toBe(false);
  });

  it('is the slice in progress where there is one', () => {
    runtime.pump.post(1, () => {
      runtime.pump.runSlice(() => post(1, 'second'));
      host.note('first');
    });
    host.runUntilIdleSync();
    expect(host.takeLog()).toEqual(['first', 'second']);
  });

  it('goes on after what the turn throws, which is reported', () => {
    runtime.pump.runSlice(() => {
      post(1, 'task');
      throw new Error('broken turn');
    });
    expect(host.takeLog()).toEqual(['task']);
    expect(host.takeErrors()).toMatchObject([{ message: 'broken turn' }]);
  });

  it('runs a task at once where nothing waits that could be ahead of it', () => {
    const ran: boolean[] = [];
    const atOnce = (line: string) => ran.push(runtime.pump.runAtOnce(1, new NoteTask(line)));
    runtime.pump.runSlice(() => {
      atOnce('at once');
      post(1, 'queued');
      atOnce('not any more');
    });
    atOnce('not outside');
    expect(ran).toEqual([true, false, false]);
    expect(host.takeLog()).toEqual(['at once', 'queued']);
  });

  it('lets promise jobs run before the next task, once a task has asked', async () => {
    const second = new NoteTask('second');
    runtime.pump.runSlice(() => {
      runtime.pump.runAtOnce(1, new NoteTask('first', () => runtime.pump.letJobsRun()));
      void Promise.resolve().then(note('job'));
      expect(runtime.pump.runAtOnce(1, second)).toBe(false);
      runtime.pump.enqueue(1, second);
    });
    await host.runUntilIdle();
    expect(host.takeLog()).toEqual(['first', 'job', 'second']);
  });
});

class NoteTask extends QueuedTask {
  constructor(
    private readonly line: string,
    private readonly then: () => void = () => undefined,
  ) {
    super();
  }

  execute(): void {
    host.note(this.line);
    this.then();
  }

  discard(): void {
    // Holds nothing.
  }
}
