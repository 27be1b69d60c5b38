/** Tasks that wait in the scheduler: posted and run, cancelled, moved. */
import { shuffled, seededRandom } from '../../../harness/random.js';
import { Tally } from '../../../harness/tally.js';
import { assertCount } from '../curve.js';
import type { Curve, Spent, Tools } from '../curve.js';

const own = { area: 'tasks', law: 'constant', least: 1_000, most: 1_000_000, quickMost: 100_000 } as const;

/** How many are taken out of a queue of n, at most: one of n is what is asked for, and a clock is not that fine. */
export const SOME = 500;

/** So many of the first n numbers, from all over. */
export function someOf(n: number): number[] {
  const count = Math.min(SOME, n);
  const step = Math.floor(n / count);
  return shuffled(
    Array.from({ length: count }, (_, at) => at * step + (step >> 1)),
    seededRandom(n),
  );
}

/** What any memory costs, without a library: objects are made, kept in an array, and called. */
async function runArray({ now }: Tools, n: number): Promise<Spent> {
  const tally = new Tally(n, now);
  const startMs = now();
  const kept: { readonly run: () => void; at: number }[] = [];
  for (let at = 0; at < n; at++) kept.push({ run: tally.task, at });
  for (const each of kept) each.run();
  const ms = now() - startMs;
  await tally.finished;
  tally.assertExact();
  return { ms, items: n };
}

async function runCallbacks({ lanes: { scheduler }, now }: Tools, n: number): Promise<Spent> {
  const tally = new Tally(n, now);
  const startMs = now();
  for (let at = 0; at < n; at++) scheduler.scheduleTask(tally.task, 'user-visible');
  await tally.finished;
  tally.assertExact();
  return { ms: tally.endMs - startMs, items: n };
}

async function runPromises({ lanes: { scheduler }, now }: Tools, n: number): Promise<Spent> {
  const tally = new Tally(n, now);
  const all: Promise<unknown>[] = [];
  const startMs = now();
  for (let at = 0; at < n; at++) all.push(scheduler.postTask(tally.task));
  await Promise.all(all);
  const ms = now() - startMs;
  tally.assertExact();
  return { ms, items: n };
}

async function cancelSome({ lanes: { scheduler }, now }: Tools, n: number): Promise<Spent> {
  const tally = new Tally(n, now);
  const tasks = Array.from({ length: n }, () => scheduler.scheduleTask(tally.task, 'user-visible'));
  const chosen = someOf(n);
  const startMs = now();
  for (const at of chosen) tasks[at]?.cancel();
  const ms = now() - startMs;
  tally.expect(n - chosen.length);
  await tally.finished;
  tally.assertExact();
  return { ms, items: chosen.length };
}

/** Rejections are counted, so that each is handled. */
async function abortSome({ lanes: { AbortController, scheduler }, now }: Tools, n: number): Promise<Spent> {
  const tally = new Tally(n, now);
  let rejected = 0;
  const controllers = Array.from({ length: n }, () => {
    const controller = new AbortController();
    scheduler.postTask(tally.task, { signal: controller.signal }).catch(() => rejected++);
    return controller;
  });
  const chosen = someOf(n);
  const startMs = now();
  for (const at of chosen) controllers[at]?.abort();
  const ms = now() - startMs;
  tally.expect(n - chosen.length);
  await tally.finished;
  tally.assertExact();
  assertCount(rejected, chosen.length, 'were rejected');
  return { ms, items: chosen.length };
}

/** All n hang on one signal. */
async function abortAll({ lanes: { TaskController, scheduler }, now }: Tools, n: number): Promise<Spent> {
  let [ran, rejected] = [0, 0];
  const controller = new TaskController();
  const all = Array.from({ length: n }, () =>
    scheduler.postTask(() => ran++, { signal: controller.signal }).catch(() => rejected++),
  );
  const startMs = now();
  controller.abort();
  const ms = now() - startMs;
  await Promise.all(all);
  assertCount(ran, 0, 'ran');
  assertCount(rejected, n, 'were rejected');
  return { ms, items: n };
}

/** All n of one signal go to another priority, and run there. */
async function moveAll({ lanes: { TaskController, scheduler }, now }: Tools, n: number): Promise<Spent> {
  const tally = new Tally(n, now);
  const controller = new TaskController({ priority: 'background' });
  for (let at = 0; at < n; at++) void scheduler.postTask(tally.task, { signal: controller.signal });
  const startMs = now();
  controller.setPriority('user-visible');
  await tally.finished;
  tally.assertExact();
  return { ms: tally.endMs - startMs, items: n };
}

/** Callbacks take no time, so that a period ends by its clock after thousands of them. */
async function runIdle({ lanes: { requestIdleCallback }, now }: Tools, n: number): Promise<Spent> {
  const tally = new Tally(n, now);
  const startMs = now();
  for (let at = 0; at < n; at++) requestIdleCallback(tally.task);
  await tally.finished;
  tally.assertExact();
  return { ms: tally.endMs - startMs, items: n };
}

async function cancelIdle(
  { lanes: { cancelIdleCallback, requestIdleCallback }, kit, now }: Tools,
  n: number,
): Promise<Spent> {
  const tally = new Tally(n, now);
  const handles = Array.from({ length: n }, () => requestIdleCallback(tally.task));
  const startMs = now();
  for (const handle of handles) cancelIdleCallback(handle);
  const ms = now() - startMs;
  await new Promise<void>((resolve) => kit.macrotask(resolve));
  assertCount(tally.count, 0, 'ran');
  return { ms, items: n };
}

export const taskCurves: readonly Curve[] = [
  { ...own, name: 'an array of objects', law: 'bare', run: runArray },
  { ...own, name: 'scheduleTask, run', run: runCallbacks },
  { ...own, name: 'postTask, run and awaited', run: runPromises },
  { ...own, name: 'cancel one of n', run: cancelSome },
  { ...own, name: 'abort one of n', most: 100_000, run: abortSome },
  { ...own, name: 'abort the signal of n', run: abortAll },
  // What was moved lies in a heap.
  { ...own, name: 'setPriority of n, run', law: 'logarithmic', run: moveAll },
  { ...own, name: 'requestIdleCallback, run', most: 100_000, run: runIdle },
  { ...own, name: 'cancelIdleCallback of n', most: 100_000, run: cancelIdle },
];
