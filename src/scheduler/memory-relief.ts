/**
 * What is given up when memory gets short: waiting tasks whose owners are prepared for it, because they gave a signal.
 * A task without one is never dropped, nor is one that runs, or waits for its delay.
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/api/device/memory/wx.onMemoryWarning.html
 */
import { EventTarget, fireEvent } from '../core/event-target.js';
import { Event } from '../core/event.js';
import { defineInterface } from '../core/webidl.js';
import { LanesError } from '../core/errors.js';
import type { Rank } from '../core/task.js';
import { currentRuntime } from '../host/runtime.js';
import { PromiseTask } from './posted-task.js';
import { taskPriorities } from './task-priority.js';
import type { TaskPriority } from './task-priority.js';

/** Android's `TRIM_MEMORY_RUNNING_CRITICAL`: next, the system ends apps. iOS tells no level. */
const CRITICAL = 15;

/** Tells what was dropped. */
export class ReliefEvent extends Event {
  constructor(
    /** What the system said: 5, 10 or 15 on Android; `undefined` on iOS. */
    readonly level: number | undefined,
    /** How many tasks of each priority were dropped. */
    readonly dropped: Readonly<Record<TaskPriority, number>>,
  ) {
    super('relief');
  }
}

defineInterface(ReliefEvent, 'ReliefEvent');

function drop(rank: Rank): number {
  const priority = taskPriorities[rank];
  let dropped = 0;
  for (const task of currentRuntime().pump.waiting(rank)) {
    // One that is dropped may take others with it, by aborting them.
    if (!(task instanceof PromiseTask) || task.state.signal === null || !task.queued) continue;
    const message = `The ${priority} task was dropped before it ran, because memory is short. Post it again later.`;
    task.abort(new LanesError('ERR_TASK_DROPPED', message));
    dropped++;
  }
  return dropped;
}

/**
 * Gives up waiting tasks when the system warns that memory is short: those of `'background'` that have a signal; when
 * there are none, or the warning is the last one, those of `'user-visible'` too. Their promises reject with the code
 * `ERR_TASK_DROPPED`, generators are closed, and a `relief` event tells how many there were.
 */
export class MemoryRelief extends EventTarget {
  private unlisten: (() => void) | null = null;

  /**
   * Listens to the host's warnings (`wx.onMemoryWarning`) from now on; does nothing on a host that has none. Idempotent.
   * @example
   * App({
   *   onLaunch() {
   *     memoryRelief.addEventListener('relief', ({ dropped }) => console.warn('memory is short', dropped));
   *     memoryRelief.start();
   *   },
   * });
   */
  start(): void {
    const { app } = currentRuntime().host;
    if (this.unlisten === null) this.unlisten = app.onMemoryWarning((level) => void this.relieve(level));
  }

  /** Does not listen any more. Idempotent. */
  stop(): void {
    if (this.unlisten !== null) this.unlisten();
    this.unlisten = null;
  }

  /** Drops now what a warning of `level` would drop, and gives how many tasks that were. */
  relieve(level?: number): number {
    const dropped = { 'user-blocking': 0, 'user-visible': 0, background: drop(2) };
    if (dropped.background === 0 || level === CRITICAL) dropped['user-visible'] = drop(1);
    fireEvent(this, new ReliefEvent(level, dropped));
    return dropped.background + dropped['user-visible'];
  }
}

defineInterface(MemoryRelief, 'MemoryRelief');

/** The one of this thread; it does nothing before `start()`. */
export const memoryRelief: MemoryRelief = new MemoryRelief();
