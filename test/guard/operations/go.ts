/** Routines, channels, locks and contexts. */
import { Chan, Context, Mutex, after, from, go, select, sleep } from '../../../src/go.js';
import type { Guard } from '../../../src/go.js';
import { currentRuntime } from '../../../src/host/runtime.js';
import type { Operation } from '../measure.js';
import type { Stage } from '../stage.js';
import { many } from './many.js';

/** One routine that sends so many, and another that receives them. */
function passing(name: string, times: number, capacity: number): Operation {
  return {
    name,
    times,
    prepare: (stage) => () => {
      const chan = new Chan<number>(capacity);
      go(function* () {
        for (let n = 0; n < times; n++) yield chan.send(n);
      });
      go(function* () {
        for (; stage.done < times; stage.done++) yield chan.recv();
      });
    },
  };
}

/** The same with async functions. */
function passingAsync(name: string, times: number, capacity: number): Operation {
  return {
    name,
    times,
    prepare: (stage) => () => {
      const chan = new Chan<number>(capacity);
      go(async () => {
        for (let n = 0; n < times; n++) await chan.send(n);
      });
      go(async () => {
        for (; stage.done < times; stage.done++) await chan.recv();
      });
    },
  };
}

/** So many that wait for a channel, which is closed after a second. */
function receiving(name: string, prepare: (chan: Chan<number>, stage: Stage) => () => void): Operation {
  return {
    name,
    times: 10_000,
    keeps: 'waiting',
    prepare(stage) {
      const chan = new Chan<number>();
      const once = prepare(chan, stage);
      return () => {
        for (let left = 10_000; left > 0; left--) once();
        currentRuntime().timers.after(1_000, () => chan.close());
      };
    },
  };
}

function selecting(name: string, times: number, isTimed: boolean): Operation {
  return {
    name,
    times,
    prepare: (stage) => () => {
      const [jobs, quit, other] = [new Chan<number>(), new Chan<number>(), new Chan<number>()];
      go(function* () {
        for (let n = 0; n < times; n++) yield jobs.send(n);
      });
      go(function* () {
        for (; stage.done < times; stage.done++)
          yield isTimed
            ? select({ job: from(jobs), late: after(1_000) })
            : select({ job: from(jobs), quit: from(quit), other: from(other) });
      });
    },
  };
}

function locking(stage: Stage): () => void {
  const mutex = new Mutex();
  return () =>
    void go(function* () {
      const guard = (yield mutex.lock()) as Guard;
      stage.done++;
      guard.release();
    });
}

export const goOperations: readonly Operation[] = [
  many('go, a generator', 10_000, 'queued', ({ tick }) => {
    const fn = function* (): Generator<undefined, void> {
      tick();
      yield;
    };
    return () => void go(fn);
  }),
  many('go, an async function', 10_000, 'queued', ({ tick }) => {
    const fn = async (): Promise<void> => tick();
    return () => void go(fn);
  }),
  many('sleep of a generator', 10_000, 'waiting', ({ tick }) => {
    const fn = function* (): Generator<unknown, void> {
      yield sleep(1_000);
      tick();
    };
    return () => void go(fn);
  }),
  many('sleep of an async function', 10_000, 'waiting', ({ tick }) => {
    const fn = async (): Promise<void> => {
      await sleep(1_000);
      tick();
    };
    return () => void go(fn);
  }),
  passing('a value through an unbuffered Chan, generators', 10_000, 0),
  passing('a value through a Chan of 128, generators', 10_000, 128),
  passingAsync('a value through an unbuffered Chan, async functions', 10_000, 0),
  passingAsync('a value through a Chan of 128, async functions', 10_000, 128),
  receiving('recv that waits, of a generator', (chan, { tick }) => {
    const fn = function* (): Generator<unknown, void> {
      yield chan.recv();
      tick();
    };
    return () => void go(fn);
  }),
  receiving('recv that waits, of an async function', (chan, { tick }) => {
    const fn = async (): Promise<void> => {
      await chan.recv();
      tick();
    };
    return () => void go(fn);
  }),
  selecting('select of three channels', 10_000, false),
  selecting('select with after', 10_000, true),
  many('a Mutex that others wait for', 10_000, undefined, locking),
  many('Context.withTimeout, cancelled', 1_000, undefined, (stage) => () => {
    const [, cancel] = Context.withTimeout(Context.background, 1_000);
    cancel();
    stage.done++;
  }),
];
