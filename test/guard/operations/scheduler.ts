/** Tasks, delays, yields and time-outs. */
import { AbortController, AbortSignal } from '../../../src/core/abort.js';
import { requestIdleCallback } from '../../../src/scheduler/idle.js';
import { scheduler } from '../../../src/scheduler/scheduler.js';
import { TaskController } from '../../../src/scheduler/task-signal.js';
import type { Operation } from '../measure.js';
import { many } from './many.js';

const minute = { delay: 60_000 };

export const schedulerOperations: readonly Operation[] = [
  many(
    'scheduleTask',
    10_000,
    'queued',
    ({ tick }) =>
      () =>
        void scheduler.scheduleTask(tick),
  ),
  many('scheduleTask, cancelled', 10_000, undefined, (stage) => () => {
    if (scheduler.scheduleTask(stage.tick).cancel()) stage.done++;
  }),
  many(
    'postTask',
    10_000,
    'queued',
    ({ tick }) =>
      () =>
        void scheduler.postTask(tick),
  ),
  many('postTask with a priority', 10_000, 'queued', ({ tick }) => {
    const options = { priority: 'background' } as const;
    return () => void scheduler.postTask(tick, options);
  }),
  many('postTask with a signal', 10_000, 'queued', ({ tick }) => {
    const { signal } = new TaskController();
    return () => void scheduler.postTask(tick, { signal });
  }),
  many(
    'postTask with a delay',
    10_000,
    'queued',
    ({ tick }) =>
      () =>
        void scheduler.postTask(tick, minute),
  ),
  many('postTask, aborted', 1_000, undefined, (stage) => () => {
    const controller = new AbortController();
    scheduler.postTask(stage.tick, { signal: controller.signal }).catch(stage.tick);
    controller.abort('enough');
  }),
  many('postTask of an async function', 1_000, undefined, ({ tick }) => () => {
    void scheduler.postTask(async () => tick());
  }),
  {
    name: 'a step of a generator task',
    times: 10_000,
    prepare: (stage) => () =>
      void scheduler.postTask(function* () {
        for (; stage.done < 10_000; stage.done++) yield;
      }),
  },
  {
    name: 'await yield()',
    times: 1_000,
    prepare: (stage) => () =>
      void scheduler.postTask(async () => {
        for (; stage.done < 1_000; stage.done++) await scheduler.yield();
      }),
  },
  many('a task of an eighth of a millisecond', 10_000, undefined, (stage) => {
    const work = (): void => {
      stage.done++;
      stage.counted.costMs(0.125);
    };
    return () => void scheduler.scheduleTask(work);
  }),
  many(
    'requestIdleCallback',
    1_000,
    'queued',
    ({ tick }) =>
      () =>
        void requestIdleCallback(tick),
  ),
  many('AbortSignal.timeout', 1_000, 'queued', (stage) => {
    return () => AbortSignal.timeout(1_000).addEventListener('abort', stage.tick);
  }),
];
