/** Many who wait at one place: promises at a channel, a lock, a signal; cases of a select. */
import type { AbortSignal } from 'mp-lanes';
import { settle } from '../../../harness/kit.js';
import { assertCount } from '../curve.js';
import type { Curve, Spent, Tools } from '../curve.js';

const own = { area: 'waiters', law: 'constant', least: 1_000, most: 1_000_000, quickMost: 10_000 } as const;

export const bareName = 'n promises of no library';

/** What the same costs without any library: n async functions, each at a promise of its own, which are then fulfilled. */
async function promises({ now }: Tools, n: number): Promise<Spent> {
  const waiting: ((value: number) => void)[] = [];
  let sum = 0;
  const startMs = now();
  const all = Array.from({ length: n }, async () => {
    const value = await new Promise<number>((resolve) => waiting.push(resolve));
    sum += value;
  });
  waiting.forEach((resolve, at) => resolve(at + 1));
  await Promise.all(all);
  const ms = now() - startMs;
  assertCount(sum, (n * (n + 1)) / 2, 'in all were received');
  return { ms, items: n };
}

async function receivers(
  { lanes: { Chan }, now }: Tools,
  n: number,
  options?: { readonly signal: AbortSignal },
): Promise<Spent> {
  const line = new Chan<number>();
  let sum = 0;
  const startMs = now();
  const all = Array.from({ length: n }, async () => {
    const { value = NaN } = await line.recv(options);
    sum += value;
  });
  for (let at = 1; at <= n; at++) if (!line.trySend(at)) throw new Error('nobody waited');
  await Promise.all(all);
  const ms = now() - startMs;
  assertCount(sum, (n * (n + 1)) / 2, 'in all were received');
  return { ms, items: n };
}

async function senders({ lanes: { Chan }, now }: Tools, n: number): Promise<Spent> {
  const line = new Chan<number>();
  let sum = 0;
  const startMs = now();
  const all = Array.from({ length: n }, (_, at) => line.send(at + 1));
  for (let at = 1; at <= n; at++) sum += line.tryRecv()?.value ?? NaN;
  await Promise.all(all);
  const ms = now() - startMs;
  assertCount(sum, (n * (n + 1)) / 2, 'in all were received');
  return { ms, items: n };
}

/** All have the same signal, which does not end them: each must find its own place there again. */
function sharedSignal(tools: Tools, n: number): Promise<Spent> {
  const { AbortController } = tools.lanes;
  return receivers(tools, n, { signal: new AbortController().signal });
}

async function abortedTogether({ lanes: { AbortController, Chan }, now }: Tools, n: number): Promise<Spent> {
  const line = new Chan<number>();
  const controller = new AbortController();
  let rejected = 0;
  const all = Array.from({ length: n }, () =>
    line.recv({ signal: controller.signal }).then(
      () => undefined,
      () => rejected++,
    ),
  );
  const startMs = now();
  controller.abort();
  await Promise.all(all);
  const ms = now() - startMs;
  assertCount(rejected, n, 'were rejected');
  assertCount(line.trySend(1) ? 1 : 0, 0, 'still waited');
  return { ms, items: n };
}

async function contexts({ lanes: { Context }, kit, now }: Tools, n: number): Promise<Spent> {
  const startMs = now();
  const [parent, cancel] = Context.withCancel(Context.background);
  const children = Array.from({ length: n }, () => Context.withCancel(parent)[0]);
  cancel();
  const ms = now() - startMs;
  await settle(kit);
  assertCount(children.filter(({ aborted }) => aborted).length, n, 'were cancelled');
  return { ms, items: n };
}

async function lock({ lanes: { Mutex }, now }: Tools, n: number): Promise<Spent> {
  const mutex = new Mutex();
  let [held, most, entered] = [0, 0, 0];
  const startMs = now();
  const all = Array.from({ length: n }, async () => {
    const guard = await mutex.lock();
    most = Math.max(most, ++held);
    entered++;
    held--;
    guard.release();
  });
  await Promise.all(all);
  const ms = now() - startMs;
  assertCount(entered, n, 'held the lock');
  assertCount(most, 1, 'held it at once');
  return { ms, items: n };
}

/** One select with n cases, of which none is ready until one is sent: nanoseconds a case. */
async function selectOver({ lanes: { Chan, from, select }, kit, now }: Tools, n: number): Promise<Spent> {
  const all = Array.from({ length: n }, () => new Chan<number>());
  const cases = Object.freeze(Object.fromEntries(all.map((line, at) => [`c${String(at)}`, from(line)])));
  const startMs = now();
  const selected = select(cases);
  await new Promise<void>((resolve) => kit.macrotask(resolve));
  const chosen = n >> 1;
  const taken = all[chosen]?.trySend(chosen) === true;
  const { case: name } = await selected;
  const ms = now() - startMs;
  if (!taken || name !== `c${String(chosen)}`) throw new Error(`case ${name} happened`);
  assertCount(all.filter((line) => line.trySend(0)).length, 0, 'cases still waited');
  return { ms, items: n };
}

/** n selects over the same two channels: each leaves the channel that it does not hear from. */
async function selects({ lanes: { Chan, from, select }, now }: Tools, n: number): Promise<Spent> {
  const [first, second] = [new Chan<number>(), new Chan<number>()];
  let sum = 0;
  const startMs = now();
  const all = Array.from({ length: n }, async () => {
    const { value = NaN } = await select({ first: from(first), second: from(second) });
    sum += value;
  });
  for (let at = 1; at <= n; at++) if (!first.trySend(at)) throw new Error('nobody waited');
  await Promise.all(all);
  const ms = now() - startMs;
  assertCount(sum, (n * (n + 1)) / 2, 'in all were received');
  assertCount(second.trySend(0) ? 1 : 0, 0, 'still waited');
  return { ms, items: n };
}

export const waiterCurves: readonly Curve[] = [
  { ...own, name: bareName, law: 'bare', run: promises },
  { ...own, name: 'n wait to receive', run: (tools, n) => receivers(tools, n) },
  { ...own, name: 'n wait to send', run: senders },
  { ...own, name: 'n wait with one signal', run: sharedSignal },
  { ...own, name: 'abort the signal of n', run: abortedTogether },
  { ...own, name: 'n contexts of one parent', run: contexts },
  { ...own, name: 'n wait for one lock', run: lock },
  { ...own, name: 'n selects of two channels', run: selects },
  { ...own, name: 'a select of n cases, each', least: 10, most: 100_000, quickMost: 1_000, run: selectOver },
];
