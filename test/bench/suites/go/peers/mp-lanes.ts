/** Ours, as built: routines that are generators, and routines that are async functions. */
import type * as lanesModule from 'mp-lanes/go';
import type { Chan, Guard } from 'mp-lanes/go';
import type { Received } from '../checks.js';
import { fulfilled } from './peer.js';
import type { Peer, Routines } from './peer.js';

type Lanes = typeof lanesModule;
type Line = Chan<number>;

export const generatorName = 'mp-lanes generators';
export const asyncName = 'mp-lanes async';
export const tryFirstName = 'mp-lanes, try first';

/** What a routine yields is told by types only where it delegates (`yield*`), which costs a little more. */
type Routine<Got> = Generator<unknown, void, Got>;
interface Message {
  readonly value: number | undefined;
  readonly ok: boolean;
}

/** The cases of a select from all of them; frozen, as the guide says of cases that are used again and again. */
function casesOf(
  { from }: Lanes,
  all: readonly Line[],
): Readonly<Record<string, ReturnType<typeof from<number>>>> {
  return Object.freeze(Object.fromEntries(all.map((line, index) => [`c${String(index)}`, from(line)])));
}

function generatorForm(lanes: Lanes): Routines {
  const { Chan: Channel, Mutex, go, select, sleep } = lanes;
  const both = (first: () => Routine<Message>, second: () => Routine<Message>): Promise<unknown> =>
    Promise.all([go(first).done, go(second).done]);

  function transfer(count: number, line: Line, received: Received): Promise<unknown> {
    const producer = function* (): Routine<Message> {
      for (let n = 1; n <= count; n++) yield line.send(n);
    };
    const consumer = function* (): Routine<Message> {
      for (let n = 1; n <= count; n++) received.take((yield line.recv()).value ?? NaN);
    };
    return both(producer, consumer);
  }
  return {
    sleepers(count, sleepMs, log) {
      const sleeper = function* (): Routine<void> {
        log.begin();
        yield sleep(sleepMs);
        log.wake();
      };
      for (let index = 0; index < count; index++) go(sleeper);
    },
    pingPong(count, received) {
      const there = new Channel<number>();
      const back = new Channel<number>();
      const ping = function* (): Routine<Message> {
        for (let n = 1; n <= count; n++) {
          yield there.send(n);
          received.take((yield back.recv()).value ?? NaN);
        }
      };
      const pong = function* (): Routine<Message> {
        for (let n = 1; n <= count; n++) yield back.send((yield there.recv()).value ?? NaN);
      };
      return both(ping, pong);
    },
    unbuffered: (count, received) => transfer(count, new Channel<number>(), received),
    buffered: (count, received, capacity) => transfer(count, new Channel<number>(capacity), received),
    select(count, received, channels) {
      const all = Array.from({ length: channels }, () => new Channel<number>());
      const producer = function* (): Routine<Message> {
        for (let n = 1; n <= count; n++) yield (all[n % channels] as Line).send(n);
      };
      const consumer = function* (): Routine<Message> {
        const cases = casesOf(lanes, all);
        for (let n = 1; n <= count; n++) received.take((yield select(cases)).value ?? NaN);
      };
      return both(producer, consumer);
    },
    handOffs(count, section, routines) {
      const lock = new Mutex();
      const routine = function* (): Routine<Guard> {
        for (let turn = 0; turn < count / routines; turn++) {
          const guard = yield lock.lock();
          section.enter();
          yield;
          section.leave();
          guard.release();
        }
      };
      return Promise.all(Array.from({ length: routines }, () => go(routine).done));
    },
  };
}

function asyncForm(lanes: Lanes): Routines {
  const { Chan: Channel, Mutex, go, select, sleep } = lanes;
  const both = (first: () => Promise<void>, second: () => Promise<void>): Promise<unknown> =>
    Promise.all([go(first).done, go(second).done]);

  function transfer(count: number, line: Line, received: Received): Promise<unknown> {
    const producer = async (): Promise<void> => {
      for (let n = 1; n <= count; n++) await line.send(n);
    };
    const consumer = async (): Promise<void> => {
      for (let n = 1; n <= count; n++) received.take((await line.recv()).value ?? NaN);
    };
    return both(producer, consumer);
  }
  return {
    sleepers(count, sleepMs, log) {
      const sleeper = async (): Promise<void> => {
        log.begin();
        await sleep(sleepMs);
        log.wake();
      };
      for (let index = 0; index < count; index++) go(sleeper);
    },
    pingPong(count, received) {
      const there = new Channel<number>();
      const back = new Channel<number>();
      const ping = async (): Promise<void> => {
        for (let n = 1; n <= count; n++) {
          await there.send(n);
          received.take((await back.recv()).value ?? NaN);
        }
      };
      const pong = async (): Promise<void> => {
        for (let n = 1; n <= count; n++) await back.send((await there.recv()).value ?? NaN);
      };
      return both(ping, pong);
    },
    unbuffered: (count, received) => transfer(count, new Channel<number>(), received),
    buffered: (count, received, capacity) => transfer(count, new Channel<number>(capacity), received),
    select(count, received, channels) {
      const all = Array.from({ length: channels }, () => new Channel<number>());
      const producer = async (): Promise<void> => {
        for (let n = 1; n <= count; n++) await (all[n % channels] as Line).send(n);
      };
      const consumer = async (): Promise<void> => {
        const cases = casesOf(lanes, all);
        for (let n = 1; n <= count; n++) received.take((await select(cases)).value ?? NaN);
      };
      return both(producer, consumer);
    },
    handOffs(count, section, routines) {
      const lock = new Mutex();
      const routine = async (): Promise<void> => {
        for (let turn = 0; turn < count / routines; turn++) {
          const guard = await lock.lock();
          section.enter();
          await fulfilled;
          section.leave();
          guard.release();
        }
      };
      return Promise.all(Array.from({ length: routines }, () => go(routine).done));
    },
  };
}

/** Generators that yield only where they must wait: for when each message counts. */
function tryFirstForm(lanes: Lanes): Routines {
  const { Chan: Channel, go } = lanes;
  const both = (first: () => Routine<Message>, second: () => Routine<Message>): Promise<unknown> =>
    Promise.all([go(first).done, go(second).done]);

  function transfer(count: number, line: Line, received: Received): Promise<unknown> {
    const producer = function* (): Routine<Message> {
      for (let n = 1; n <= count; n++) if (!line.trySend(n)) yield line.send(n);
    };
    const consumer = function* (): Routine<Message> {
      for (let n = 1; n <= count; n++) received.take((line.tryRecv() ?? (yield line.recv())).value ?? NaN);
    };
    return both(producer, consumer);
  }
  const same = 'is written as the generators are';
  return {
    sleepers: same,
    pingPong(count, received) {
      const there = new Channel<number>();
      const back = new Channel<number>();
      const ping = function* (): Routine<Message> {
        for (let n = 1; n <= count; n++) {
          if (!there.trySend(n)) yield there.send(n);
          received.take((back.tryRecv() ?? (yield back.recv())).value ?? NaN);
        }
      };
      const pong = function* (): Routine<Message> {
        for (let n = 1; n <= count; n++) {
          const { value = NaN } = there.tryRecv() ?? (yield there.recv());
          if (!back.trySend(value)) yield back.send(value);
        }
      };
      return both(ping, pong);
    },
    unbuffered: (count, received) => transfer(count, new Channel<number>(), received),
    buffered: (count, received, capacity) => transfer(count, new Channel<number>(capacity), received),
    select: same,
    handOffs: same,
  };
}

export const mpLanesGenerators: Peer = {
  name: generatorName,
  tags: ['own', 'generator'],
  load: async () => generatorForm(await import('mp-lanes/go')),
};

export const mpLanesAsync: Peer = {
  name: asyncName,
  tags: ['own', 'async'],
  load: async () => asyncForm(await import('mp-lanes/go')),
};

export const mpLanesTryFirst: Peer = {
  name: tryFirstName,
  tags: ['own', 'generator'],
  load: async () => tryFirstForm(await import('mp-lanes/go')),
};
