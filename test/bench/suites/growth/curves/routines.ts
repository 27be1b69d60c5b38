/** Routines that wait for one channel, all of them at once. */
import { settle } from '../../../harness/kit.js';
import { assertCount } from '../curve.js';
import type { Curve, Spent, Tools } from '../curve.js';
import { someOf } from './tasks.js';

const own = { area: 'routines', law: 'constant', least: 1_000, most: 1_000_000, quickMost: 10_000 } as const;

/** n routines that wait for a number each, and what they had. */
class Waiting {
  begun = 0;
  sum = 0;
  ended = 0;
  readonly line;
  readonly all;
  /** Resolves when so many have ended. */
  private target = Infinity;
  private reached: () => void = () => undefined;

  constructor(
    private readonly tools: Tools,
    private readonly n: number,
  ) {
    const { Chan, go } = tools.lanes;
    this.line = new Chan<number>();
    const body = this.body.bind(this);
    this.all = Array.from({ length: n }, () => go(body));
  }

  private *body(): Generator<unknown, void, { readonly value: number | undefined; readonly ok: boolean }> {
    this.begun++;
    try {
      const { value, ok } = yield this.line.recv();
      if (ok) this.sum += value ?? NaN;
    } finally {
      if (++this.ended === this.target) this.reached();
    }
  }

  /** When all wait. */
  async allBegun(): Promise<void> {
    while (this.begun < this.n) await new Promise<void>((resolve) => this.tools.kit.macrotask(resolve));
  }

  async until(count: number): Promise<void> {
    this.target = count;
    if (this.ended < count) await new Promise<void>((resolve) => (this.reached = resolve));
  }

  async assertEnded(ended: number, sum: number): Promise<void> {
    await settle(this.tools.kit);
    assertCount(this.ended, ended, 'ended');
    assertCount(this.sum, sum, 'in all were received');
  }
}

async function start(tools: Tools, n: number): Promise<Spent> {
  const { now } = tools;
  const startMs = now();
  const waiting = new Waiting(tools, n);
  await waiting.allBegun();
  const ms = now() - startMs;
  await waiting.assertEnded(0, 0);
  waiting.line.close();
  await waiting.until(n);
  return { ms, items: n };
}

async function wake(tools: Tools, n: number): Promise<Spent> {
  const { now } = tools;
  const waiting = new Waiting(tools, n);
  await waiting.allBegun();
  const startMs = now();
  for (let at = 1; at <= n; at++) if (!waiting.line.trySend(at)) throw new Error('nobody waited');
  await waiting.until(n);
  const ms = now() - startMs;
  await waiting.assertEnded(n, (n * (n + 1)) / 2);
  return { ms, items: n };
}

async function close(tools: Tools, n: number): Promise<Spent> {
  const { now } = tools;
  const waiting = new Waiting(tools, n);
  await waiting.allBegun();
  const startMs = now();
  waiting.line.close();
  await waiting.until(n);
  const ms = now() - startMs;
  await waiting.assertEnded(n, 0);
  return { ms, items: n };
}

async function cancelSome(tools: Tools, n: number): Promise<Spent> {
  const { now } = tools;
  const waiting = new Waiting(tools, n);
  await waiting.allBegun();
  const chosen = someOf(n);
  for (const at of chosen) waiting.all[at]?.done.catch(() => undefined);
  const startMs = now();
  for (const at of chosen) waiting.all[at]?.cancel();
  await waiting.until(chosen.length);
  const ms = now() - startMs;
  await waiting.assertEnded(chosen.length, 0);
  waiting.line.close();
  await waiting.until(n);
  return { ms, items: chosen.length };
}

/** A group starts n, of which 8 may run at a time. */
async function group({ lanes: { Group }, now }: Tools, n: number): Promise<Spent> {
  let ran = 0;
  const startMs = now();
  const all = new Group({ limit: 8 });
  for (let at = 0; at < n; at++) {
    all.go(function* () {
      yield;
      ran++;
    });
  }
  await all.wait();
  const ms = now() - startMs;
  assertCount(ran, n, 'ran');
  return { ms, items: n };
}

export const routineCurves: readonly Curve[] = [
  { ...own, name: 'start and wait', run: start },
  { ...own, name: 'woken by n sends', run: wake },
  { ...own, name: 'woken by one close', run: close },
  { ...own, name: 'cancel one of n', run: cancelSome },
  { ...own, name: 'n in a group of 8', most: 100_000, run: group },
];
