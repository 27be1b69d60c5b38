/**
 * Finding deadlocks, as Go's runtime does: all routines are asleep and nothing can wake one.
 *
 * What must always hold
 * - It reports only what no timer, no promise of others, no signal and no message can end. What an event of the page may still
 *   do nobody can know: a routine that waits for a tap is reported too, so this is for development, and a warning.
 * - A state is reported once: again only when a routine has run since.
 *
 * @see https://go.dev/src/runtime/proc.go checkdead
 */
import { currentRuntime } from '../host/runtime.js';
import { currentMachine } from './run-queue.js';
import { startedAt } from './site.js';
import { PendingOperation } from './operation.js';
import { Waiter } from './wait-list.js';
import { watch } from './watch.js';
import type { RoutineWatcher, WatchedRoutine } from './watch.js';

/** Long enough for promise jobs and other turns of the host to come first. */
const LOOK_AFTER_MS = 50;

/** Shown of each report. */
const MOST_SHOWN = 100;

class Detector implements RoutineWatcher {
  private readonly live = new Set<WatchedRoutine>();
  private awaitedWaiters: Waiter[] = [];
  private isLooking = false;

  constructor(private readonly report: (text: string) => void) {}

  started(routine: WatchedRoutine): void {
    this.live.add(routine);
  }

  ended(routine: WatchedRoutine): void {
    this.live.delete(routine);
  }

  awaited(waiter: Waiter): void {
    this.awaitedWaiters.push(waiter);
  }

  idle(): void {
    if (!this.isLooking && this.live.size > 0) this.lookIn(LOOK_AFTER_MS);
  }

  private lookIn(delayMs: number): void {
    this.isLooking = true;
    // In the foreground: a process that would end for want of anything to do should tell before.
    currentRuntime().timers.after(delayMs, () => this.look());
  }

  private look(): void {
    const { pump, timers } = currentRuntime();
    this.isLooking = false;
    if (this.live.size === 0 || currentMachine().queues.some((queue) => queue.length > 0)) return;
    // What waits may wake a routine, so it is looked at again afterwards.
    if (pump.length > 0) this.lookIn(LOOK_AFTER_MS);
    else if (timers.length > 0)
      this.lookIn(Math.max(0, timers.nextDueMs - currentRuntime().now()) + LOOK_AFTER_MS);
    else if (this.isDead()) this.report(this.text());
  }

  private isDead(): boolean {
    this.awaitedWaiters = this.awaitedWaiters.filter((waiter) => waiter.list !== null);
    let others = 0;
    for (const { waitsFor } of this.live)
      if (waitsFor instanceof PendingOperation) {
        if (!waitsFor.isInner) return false;
      } else if (waitsFor === null) others++;
      else return false;
    const blocked = this.awaitedWaiters.filter((waiter) => waiter.isInner).length;
    // Of async routines it is known only how many there are, and how much is awaited.
    return blocked >= others && blocked === this.awaitedWaiters.length;
  }

  private text(): string {
    const { live } = this;
    const lines = [...live].slice(0, MOST_SHOWN).map(({ name, site, waitsFor }, at) => {
      return `routine ${at + 1} "${name}" [${stateOf(waitsFor)}]${startedAt(site)}`;
    });
    if (live.size > MOST_SHOWN) lines.push(`and ${live.size - MOST_SHOWN} more`);
    const awaited = this.awaitedWaiters.map(stateOf);
    if (awaited.length > 0)
      lines.push(`awaited by async functions: ${awaited.slice(0, MOST_SHOWN).join(', ')}`);
    return ['all routines are asleep: deadlock!', ...lines].join('\n');
  }
}

function stateOf(waitsFor: object | null): string {
  const list = waitsFor instanceof Waiter ? waitsFor.waitList : null;
  return list === null ? 'await' : list.text;
}

/**
 * Looks for deadlocks from now on: when all routines wait for channels, locks and the like, and no timer, task, signal or
 * message can wake one, `report` is told, with each routine's name, what it waits for and where it was started. Routines
 * started before are not known. For development: each start takes some microseconds more.
 * @returns a function that ends it
 */
export function detectDeadlocks(report: (text: string) => void): () => void {
  const detector = new Detector(report);
  watch.by = detector;
  return () => {
    if (watch.by === detector) watch.by = null;
  };
}
