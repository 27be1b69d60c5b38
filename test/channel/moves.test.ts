/** Ports that are posted, moved, closed, dropped and cut off, in random order, on three threads. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PipePairOptions } from '../../src/adapters/pipe-pair.js';
import { MessageChannel } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
import { createPipePair, createVirtualHost } from '../../src/testing.js';
import { runs, timeoutMs } from '../deep/scale.js';
import { LinkedEnd } from './linked-end.js';
import { checkEnd, checkLeftovers } from './promises.js';
import type { End, Line, Reaction } from './threads.js';
import { Threads } from './threads.js';

const shapes = {
  star: [
    [0, 1],
    [0, 2],
  ],
  chain: [
    [0, 1],
    [1, 2],
  ],
  ring: [
    [0, 1],
    [1, 2],
    [2, 0],
  ],
} as const;

const pipes: PipePairOptions[] = [{}, { binary: false }, { cloneMessage: 'structured', transfer: true }];
const reactions: Reaction[] = ['nothing', 'nothing', 'echo', 'bounce', 'forward', 'close', 'leave'];

const pick = fc.nat({ max: 1000 });
const side = fc.constantFrom<(0 | 1)[]>(0, 1);
const steps = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('open' as const), thread: fc.nat({ max: 2 }) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('post' as const),
      from: pick,
      brings: fc.array(pick, { maxLength: 3 }),
      reaction: fc.constantFrom(...reactions),
      costMs: fc.nat({ max: 6 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('root' as const),
      line: pick,
      side,
      brings: fc.array(pick, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('deliver' as const), line: pick, side }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('start' as const, 'move' as const), end: pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('close' as const, 'drop' as const), end: pick }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('flush' as const), line: pick, side }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('cut' as const, 'bye' as const), line: pick, side }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reconnect' as const), line: pick }) },
);
type Step = typeof steps extends fc.Arbitrary<infer T> ? T : never;

const histories = fc.record({
  shape: fc.constantFrom<(keyof typeof shapes)[]>('star', 'chain', 'ring'),
  options: fc.array(fc.constantFrom(...pipes), { minLength: 3, maxLength: 3 }),
  /** What cannot happen: without breaks, closes and drops the strictest promises hold. */
  without: fc.constantFrom<string[][]>(['cut', 'bye', 'close', 'drop'], ['cut', 'bye', 'drop'], ['drop'], []),
  steps: fc.array(steps, { minLength: 1, maxLength: 80, size: 'max' }),
});

function chosen<T>(list: readonly T[], at: number): T | undefined {
  return list.length === 0 ? undefined : list[at % list.length];
}

function act(threads: Threads, step: Step): void {
  const end = 'end' in step ? chosen(threads.held(), step.end) : undefined;
  const line = 'line' in step ? (chosen(threads.lines, step.line) as Line) : undefined;
  switch (step.do) {
    case 'open':
      return threads.open(step.thread);
    case 'post': {
      const from = chosen(threads.held(), step.from);
      if (from !== undefined)
        threads.post(from, nearby(threads, from.thread, step.brings), step.reaction, step.costMs);
      return;
    }
    case 'root':
      if (line !== undefined)
        threads.postToRoot(line, step.side, nearby(threads, line.threads[step.side], step.brings));
      return;
    case 'deliver':
      if (line !== undefined) threads.deliver(line, step.side);
      return;
    case 'turn':
      threads.host.runTurnSync();
      return;
    case 'flush':
      return line?.ends[step.side].link.flush();
    case 'cut':
    case 'bye':
      if (line !== undefined) threads.break(line, step.do, step.side);
      return;
    case 'reconnect':
      if (line !== undefined) threads.reconnect(line);
      return;
    default:
      if (end !== undefined) actOn(threads, end, step.do);
  }
}

function actOn(threads: Threads, end: End, what: 'start' | 'move' | 'close' | 'drop'): void {
  if (what === 'drop') end.state = 'dropped';
  else threads[what](end);
}

/** Different ends that a thread has in hand. */
function nearby(threads: Threads, thread: number, picks: readonly number[]): End[] {
  const here = threads.held().filter((end) => end.thread === thread);
  return [...new Set(picks.map((at) => chosen(here, at)))].filter((end) => end !== undefined);
}

/** Lets everybody listen, and everybody say a last word. */
function conclude(threads: Threads): void {
  threads.settle();
  for (let waiting = unstarted(threads); waiting.length > 0; waiting = unstarted(threads)) {
    for (const end of waiting) threads.start(end);
    threads.settle();
  }
  for (const end of threads.held()) threads.post(end, []);
  threads.settle();
}

function unstarted(threads: Threads): End[] {
  return threads.held().filter(({ started }) => !started);
}

describe('ports on three threads', () => {
  it(
    'keep order, lose nothing that was promised, close once and leave nothing behind, whatever happens',
    () => {
      fc.assert(
        fc.property(histories, ({ shape, options, without, steps: list }) => {
          const host = createVirtualHost();
          const uninstall = host.install();
          const threads = new Threads(host, shapes[shape], options);
          for (const step of list) {
            if (!without.includes(step.do)) act(threads, step);
            const errors = host.takeErrors();
            if (errors.length > 0) throw errors[0];
          }
          conclude(threads);
          for (const end of threads.held()) checkEnd(threads, end);
          checkLeftovers(threads);
          const errors = host.takeErrors();
          if (errors.length > 0) throw errors[0];
          host.assertClean();
          uninstall();
        }),
        runs(500, 10_000),
      );
    },
    timeoutMs,
  );
});

describe('ports in the messages of other ports', () => {
  it('stay connected where the other end of a port waits in its own queue, inside of another port', () => {
    const host = createVirtualHost();
    const uninstall = host.install();
    const threads = new Threads(host, shapes.star, []);
    threads.open(0);
    threads.open(0);
    const [a1, a2, b1, b2] = threads.ends as [End, End, End, End];
    threads.post(a1, [b1]);
    threads.post(b2, [a1]);
    threads.postToRoot(threads.lines[0] as Line, 0, [a2]);
    conclude(threads);
    expect([a1.thread, a1.heard, a1.closes, a2.heard]).toEqual([1, a2.sent, 0, a1.sent]);
    checkLeftovers(threads);
    uninstall();
  });

  // Each end follows the other from thread to thread, where nobody can hear it, until that has gone on for too long.
  it('come to rest where two are sent through each other from both threads at once', () => {
    const host = createVirtualHost();
    const uninstall = host.install();
    const pair = createPipePair();
    const [near, far] = [new LinkedEnd(pair.a), new LinkedEnd(pair.b, false)];
    const [one, two] = [new MessageChannel(), new MessageChannel()];
    let there: readonly MessagePort[] = [];
    far.heard = ({ ports }) => (there = ports);
    near.post(null, [one.port2, two.port2]);
    host.runUntilIdleSync();
    one.port1.postMessage(null, [two.port1]);
    there[1]?.postMessage(null, [there[0] as MessagePort]);
    let turns = 0;
    while (turns < 20_000 && host.runTurnSync()) turns++;
    uninstall();
    expect(turns).toBeLessThan(20_000);
    expect([near.link.size, far.link.size]).toEqual([1, 1]);
  });
});
