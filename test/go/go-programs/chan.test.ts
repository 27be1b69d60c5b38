/**
 * Go's own programs for channels, by their meaning.
 * https://github.com/golang/go/blob/master/src/runtime/chan_test.go and https://github.com/golang/go/tree/master/test/chan
 */
import { describe, expect, it } from 'vitest';
import { Chan, Mutex, WaitGroup, from, go, select, sleep, to } from '../../../src/go.js';
import { seedSelect } from '../../../src/testing.js';
import { host, run, useVirtualHost } from '../stage.js';

useVirtualHost();

type Steps<T> = Generator<unknown, T, unknown>;

/** What a receive gives where Go would give the zero value. */
function* receive(chan: Chan<number>): Steps<number> {
  const { value, ok } = yield* chan.recv();
  return ok ? value : 0;
}

describe('sieve1.go', () => {
  it('finds the first primes by a chain of filters', async () => {
    function* generate(out: Chan<number>): Steps<void> {
      for (let n = 2; ; n++) yield out.send(n);
    }
    function* filter(input: Chan<number>, out: Chan<number>, prime: number): Steps<void> {
      for (;;) {
        const n = yield* receive(input);
        if (n % prime !== 0) yield out.send(n);
      }
    }
    const primes = await run(function* () {
      const found: number[] = [];
      let chan = new Chan<number>();
      const routines = [go(generate, chan)];
      while (found.length < 25) {
        const prime = yield* receive(chan);
        found.push(prime);
        const next = new Chan<number>();
        routines.push(go(filter, chan, next, prime));
        chan = next;
      }
      for (const routine of routines) routine.cancel();
      return found;
    });
    expect(primes).toEqual([
      2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    ]);
  });
});

describe('fifo.go', () => {
  it.each([0, 10])('keeps the order with a buffer of %i', async (capacity) => {
    const chan = new Chan<number>(capacity);
    go(function* () {
      for (let n = 0; n < 10; n++) yield chan.send(n);
      chan.close();
    });
    const got = await run(async () => {
      const all: number[] = [];
      for await (const n of chan) all.push(n);
      return all;
    });
    expect(got).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('passes a value through a chain of routines', async () => {
    function* link(input: Chan<number>, out: Chan<number>, value: number): Steps<void> {
      expect(yield* receive(input)).toBe(value);
      yield out.send(value + 1);
    }
    const first = new Chan<number>();
    let chan = first;
    for (let n = 0; n < 10; n++) {
      const next = new Chan<number>();
      go(link, chan, next, n);
      chan = next;
    }
    void first.send(0);
    expect(await run(() => receive(chan))).toBe(10);
  });
});

describe('select3.go', () => {
  const open = (): Chan<number> => new Chan<number>();
  const closed = (): Chan<number> => {
    const chan = new Chan<number>();
    chan.close();
    return chan;
  };
  const full = (): Chan<number> => {
    const chan = new Chan<number>(1);
    chan.trySend(1);
    return chan;
  };
  const waits = (): Steps<unknown> => new Chan().recv()[Symbol.iterator]() as Steps<unknown>;
  const cases: [name: string, blocks: boolean, () => Steps<unknown>][] = [
    [
      'a send to nil',
      true,
      function* () {
        yield select({ a: to(null, 7) });
        return 1;
      },
    ],
    [
      'a receive from nil',
      true,
      function* () {
        yield select({ a: from(null) });
        return 1;
      },
    ],
    [
      'a send to an open channel nobody receives from',
      true,
      function* () {
        yield open().send(7);
        return 1;
      },
    ],
    [
      'a receive from an open channel nobody sends to',
      true,
      function* () {
        yield open().recv();
        return 1;
      },
    ],
    [
      'a send to a full channel',
      true,
      function* () {
        yield full().send(7);
        return 1;
      },
    ],
    [
      'a receive from a closed channel',
      false,
      function* () {
        yield closed().recv();
        return 1;
      },
    ],
    [
      'a send to a buffered channel',
      false,
      function* () {
        yield new Chan<number>(1).send(7);
        return 1;
      },
    ],
    [
      'an empty select',
      true,
      function* () {
        yield select({});
        return 1;
      },
    ],
    [
      'a select of nil alone',
      true,
      function* () {
        yield select({ a: from(null), b: to(null, 1) });
        return 1;
      },
    ],
    [
      'a select of a nil and one that is ready',
      false,
      function* () {
        yield select({ a: from(null), b: from(closed()) });
        return 1;
      },
    ],
    [
      'a select of those that are not ready',
      true,
      function* () {
        yield select({ a: from(open()), b: to(full(), 1) });
        return 1;
      },
    ],
    [
      'a select with default',
      false,
      function* () {
        yield select({ a: from(open()) }, { default: true });
        return 1;
      },
    ],
    [
      'a select of a send to a closed channel with default',
      false,
      function* () {
        try {
          yield select({ a: to(closed(), 1) }, { default: true });
        } catch {
          return 1;
        }
        return 2;
      },
    ],
  ];
  it.each(cases)('%s blocks: %s', async (_name, blocks, program) => {
    let over: unknown = 0;
    const routine = go(function* () {
      over = yield* program();
    });
    await host.runUntilIdle();
    expect(over).toBe(blocks ? 0 : 1);
    routine.cancel();
    await host.runUntilIdle();
    expect(waits).toBeTypeOf('function');
  });
});

describe('doubleselect.go', () => {
  it('never receives a value twice where four channels feed one select, and its winners another', async () => {
    const inputs = Array.from({ length: 4 }, () => new Chan<number>());
    const merged = new Chan<number>();
    const total = 2_000;
    go(function* () {
      // As the sender in the program: one value, to whoever takes it first.
      const [a, b, c, d] = inputs as [Chan<number>, Chan<number>, Chan<number>, Chan<number>];
      for (let n = 0; n < total; n++) yield select({ a: to(a, n), b: to(b, n), c: to(c, n), d: to(d, n) });
      for (const chan of inputs) chan.close();
    });
    const group = new WaitGroup();
    for (const input of inputs)
      group.go(function* () {
        for (;;) {
          const { value, ok } = yield* input.recv();
          if (!ok) return;
          yield merged.send(value);
        }
      });
    go(function* () {
      yield group.wait();
      merged.close();
    });
    const seen = await run(async () => {
      const values = new Set<number>();
      for await (const n of merged) {
        expect(values.has(n)).toBe(false);
        values.add(n);
      }
      return values.size;
    });
    expect(seen).toBe(total);
  });
});

describe('nonblock.go', () => {
  it('neither sends nor receives where nobody waits, and does both where somebody does', async () => {
    const chan = new Chan<number>();
    expect([chan.tryRecv(), chan.trySend(1)]).toEqual([undefined, false]);
    const receiver = go(() => chan.recv());
    await host.runUntilIdle();
    expect(chan.trySend(123)).toBe(true);
    await host.runUntilIdle();
    expect((await receiver.done).value).toBe(123);
    go(() => chan.send(234));
    await host.runUntilIdle();
    expect(chan.tryRecv()).toEqual({ value: 234, ok: true });
    await host.runUntilIdle();
    const buffered = new Chan<number>(1);
    expect([buffered.tryRecv(), buffered.trySend(1), buffered.trySend(2), buffered.tryRecv()?.value]).toEqual(
      [undefined, true, false, 1],
    );
  });
});

describe('powser1.go', () => {
  /** A power series as a channel of its coefficients. */
  function series(coefficients: (n: number) => number): Chan<number> {
    const chan = new Chan<number>();
    go({ name: 'series' }, function* () {
      for (let n = 0; n < 20; n++) yield chan.send(coefficients(n));
      chan.close();
    });
    return chan;
  }

  /** Both ends get all, each at its own pace. */
  function split(input: Chan<number>): [Chan<number>, Chan<number>] {
    const ends: [Chan<number>, Chan<number>] = [new Chan(), new Chan()];
    const queues: [number[], number[]] = [[], []];
    go(function* () {
      let isOver = false;
      while (!isOver || queues.some((queue) => queue.length > 0)) {
        const [a, b] = queues.map(([first]) => first);
        const got = yield* select({
          input: from(isOver || queues[0].length + queues[1].length > 20 ? null : input),
          a: to(a === undefined ? null : ends[0], a ?? 0),
          b: to(b === undefined ? null : ends[1], b ?? 0),
        });
        if (got.case === 'a') queues[0].shift();
        else if (got.case === 'b') queues[1].shift();
        else if (!('ok' in got) || !got.ok) isOver = true;
        else for (const queue of queues) queue.push(got.value);
      }
      for (const end of ends) end.close();
    });
    return ends;
  }

  function add(a: Chan<number>, b: Chan<number>): Chan<number> {
    const sum = new Chan<number>();
    go(function* () {
      for (;;) {
        const x = yield* a.recv();
        const y = yield* b.recv();
        if (!x.ok || !y.ok) return sum.close();
        yield sum.send(x.value + y.value);
      }
    });
    return sum;
  }

  it('adds a series to itself through a split, whose ends are read at once', async () => {
    const doubled = add(...split(series((n) => n * n)));
    const got = await run(async () => {
      const all: number[] = [];
      for await (const n of doubled) all.push(n);
      return all;
    });
    expect(got).toEqual(Array.from({ length: 20 }, (_, n) => 2 * n * n));
  });
});

describe('TestChan', () => {
  it.each([0, 1, 2, 5, 19])(
    'sends 1,000 integers by 4 routines to 4 others, with a buffer of %i',
    async (capacity) => {
      const chan = new Chan<number>(capacity);
      const counts = new Map<number, number>();
      const group = new WaitGroup();
      for (let p = 0; p < 4; p++) {
        group.go(function* () {
          for (let n = 0; n < 1_000; n++) yield chan.send(n);
        });
        group.go(function* () {
          for (let n = 0; n < 1_000; n++) {
            const value = yield* receive(chan);
            counts.set(value, (counts.get(value) ?? 0) + 1);
          }
        });
      }
      await run(function* () {
        yield group.wait();
      });
      expect([counts.size, [...counts.values()].every((count) => count === 4)]).toEqual([1_000, true]);
    },
  );
});

describe('TestNonblockSelectRace', () => {
  it.each(['send', 'close'])('finds one of two channels ready at each moment: %s', async (how) => {
    let misses = 0;
    for (let n = 0; n < 200; n++) {
      const [a, b] = [new Chan<number>(1), new Chan<number>(1)];
      a.trySend(1);
      go(function* () {
        yield;
        const { case: name } = yield* select({ a, b }, { default: true });
        if (name === 'default') misses++;
      });
      go(function* () {
        if (how === 'send') b.trySend(1);
        else b.close();
        yield;
        yield select({ a }, { default: true });
      });
    }
    await host.runUntilIdle();
    expect(misses).toBe(0);
  });
});

describe('TestSelfSelect', () => {
  it.each([0, 10])('neither deadlocks nor receives from itself, with a buffer of %i', async (capacity) => {
    const chan = new Chan<number>(capacity);
    const group = new WaitGroup();
    let own = 0;
    for (let p = 0; p < 2; p++)
      group.go(function* () {
        for (let n = 0; n < 1_000; n++) {
          const cases =
            p === 0 || n % 2 === 0
              ? { out: to(chan, p), in: from(chan) }
              : { in: from(chan), out: to(chan, p) };
          const got = yield* select(cases);
          if (capacity === 0 && got.case === 'in' && 'value' in got && got.value === p) own++;
        }
      });
    await run(function* () {
      yield group.wait();
    });
    expect(own).toBe(0);
  });
});

describe('TestSelectStress', () => {
  it('ends, with ten routines on four channels, alone and in selects', async () => {
    const chans = [0, 0, 2, 3].map((capacity) => new Chan<number>(capacity));
    const total = 1_000;
    const group = new WaitGroup();
    for (const chan of chans) {
      group.go(function* () {
        for (let n = 0; n < total; n++) yield chan.send(0);
      });
      group.go(function* () {
        for (let n = 0; n < total; n++) yield chan.recv();
      });
    }
    for (const isSender of [true, false])
      group.go(function* () {
        const counts = [0, 0, 0, 0];
        const left: (Chan<number> | null)[] = [...chans];
        for (let n = 0; n < 4 * total; n++) {
          const cases = left.map((chan, at) => [String(at), isSender ? to(chan, 0) : from(chan)] as const);
          const at = Number((yield* select(Object.fromEntries(isSender ? cases.reverse() : cases))).case);
          if (++(counts as [number])[at as 0] === total) left[at] = null;
        }
      });
    await run(function* () {
      yield group.wait();
    });
    expect(chans.map(({ len }) => len)).toEqual([0, 0, 0, 0]);
  });
});

describe('TestPseudoRandomSend', () => {
  it.each([0, 100])('sends ones and zeros alike, with a buffer of %i', async (capacity) => {
    seedSelect(7);
    const total = 100;
    const chan = new Chan<number>(capacity);
    const mutex = new Mutex();
    mutex.tryLock();
    let ones = 0;
    go(function* () {
      for (let n = 0; n < total; n++) {
        yield;
        ones += yield* receive(chan);
      }
      mutex.unlock();
    });
    await run(function* () {
      for (let n = 0; n < total; n++) yield select({ one: to(chan, 1), zero: to(chan, 0) });
      yield mutex.lock();
    });
    expect(ones).toBeGreaterThan(total / 10);
    expect(ones).toBeLessThan((total * 9) / 10);
  });
});

describe('TestMultiConsumer', () => {
  it('loses nothing between 23 workers', async () => {
    const primes = [2, 3, 7, 11, 13, 17, 19, 23, 27, 31];
    const [queue, results] = [new Chan<number>(69), new Chan<number>(69)];
    const workers = new WaitGroup();
    for (let w = 0; w < 23; w++)
      workers.go(function* () {
        for (;;) {
          const { value, ok } = yield* queue.recv();
          if (!ok) return;
          if (primes[w % primes.length] === value) yield;
          yield results.send(value);
        }
      });
    let expected = 0;
    go(function* () {
      for (let n = 0; n < 2_718; n++) {
        const value = primes[n % primes.length] as number;
        expected += value;
        yield queue.send(value);
      }
      queue.close();
      yield workers.wait();
      results.close();
    });
    const sum = await run(async () => {
      let [count, total] = [0, 0];
      for await (const value of results) {
        count++;
        total += value;
      }
      return [count, total];
    });
    expect(sum).toEqual([2_718, expected]);
  });
});

describe('TestSelectDuplicateChannel', () => {
  it('takes one that waits twice on a channel out of it altogether', async () => {
    const [c, d, e] = [new Chan<number>(), new Chan<number>(), new Chan<number>()];
    go(function* () {
      yield select({ c1: from(c), c2: from(c), d: from(d) });
      yield e.send(9);
    });
    await host.runUntilIdle();
    let woken = false;
    go(function* () {
      yield c.recv();
      woken = true;
    });
    await host.runUntilIdle();
    await run(function* () {
      yield d.send(7);
      yield e.recv();
      yield c.send(8);
      yield sleep(1);
    });
    expect(woken).toBe(true);
  });
});
