/** Random lives of a scope among the tasks of others, against a model: a list, sorted anew for each task that runs. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TaskScope } from '../../src/page.js';
import { TaskController, scheduler } from '../../src/scheduler.js';
import type { ScheduledTask, TaskPriority } from '../../src/scheduler.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';

const priorities: readonly TaskPriority[] = ['user-blocking', 'user-visible', 'background'];
const priority = fc.constantFrom(...priorities);

const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ kind: fc.constantFrom('post', 'schedule', 'signal', 'late', 'other'), priority }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('hide', 'show', 'turn', 'turn') }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('follow'), priority }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel'), which: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close') }) },
);
type Step = { kind: string; priority?: TaskPriority; which?: number };

interface Waiting {
  readonly id: number;
  /** Whose task it is decides what moves it. */
  readonly kind: string;
  readonly priority: TaskPriority;
  readonly handle?: ScheduledTask;
}

/** What must be true of one life. */
class Life {
  readonly scope = new TaskScope();
  readonly controller = new TaskController();
  readonly outcomes: Promise<void>[] = [];
  readonly settled = new Map<number, unknown>();
  private waiting: Waiting[] = [];
  /** Those with a delay: when they come to run is not modelled, whether they do is. */
  private readonly late = new Set<string>();
  /** What the promises must come to. */
  private readonly expected = new Map<number, unknown>();
  private hidden = false;
  private closed = false;
  private nextId = 0;

  constructor(private readonly host: VirtualHost) {}

  async take({ kind, priority: given = 'user-visible', which = 0 }: Step): Promise<void> {
    if (kind === 'hide' || kind === 'show') {
      this.scope[kind]();
      this.hidden = kind === 'hide';
    } else if (kind === 'follow') this.controller.setPriority(given);
    else if (kind === 'cancel') this.cancel(which);
    else if (kind === 'close') this.close();
    else if (kind === 'turn') {
      await this.host.runTurn();
      this.check();
    } else this.post(kind, given);
  }

  /** Compares what ran with what the model says, task by task. */
  check(): void {
    for (const line of this.host.takeLog()) {
      if (this.late.delete(line)) continue;
      const [first] = this.waiting.slice().sort((a, b) => this.rankOf(a) - this.rankOf(b) || a.id - b.id);
      expect(line).toBe(String(first?.id));
      this.waiting = this.waiting.filter((each) => each !== first);
    }
  }

  async end(): Promise<void> {
    await this.host.runUntilIdle();
    this.check();
    expect(this.waiting).toEqual([]);
    expect(this.late.size).toBe(0);
    await Promise.all(this.outcomes);
    expect(this.settled).toEqual(this.expected);
  }

  private rankOf({ kind, priority: given }: Waiting): number {
    if (kind === 'signal') return priorities.indexOf(this.controller.signal.priority);
    return this.hidden && kind !== 'other' ? 2 : priorities.indexOf(given);
  }

  private post(kind: string, given: TaskPriority): void {
    const id = this.nextId++;
    const run = (): number => {
      this.host.note(String(id));
      this.host.costMs(2);
      return id;
    };
    if (kind === 'schedule') {
      const handle = this.scope.scheduleTask(run, given);
      expect(handle.queued).toBe(!this.closed);
      if (!this.closed) this.waiting.push({ id, kind, priority: given, handle });
      return;
    }
    const signal = kind === 'signal' ? this.controller.signal : undefined;
    const options = {
      signal,
      priority: signal ? undefined : given,
      delay: kind === 'late' ? (id % 20) + 1 : undefined,
    };
    const posted = (kind === 'other' ? scheduler : this.scope).postTask(run, options);
    this.outcomes.push(
      posted.then(
        (value) => void this.settled.set(id, value),
        (reason: unknown) => void this.settled.set(id, reason),
      ),
    );
    const lives = !this.closed || kind === 'other';
    this.expected.set(id, lives ? id : this.scope.signal.reason);
    if (lives && kind === 'late') this.late.add(String(id));
    else if (lives) this.waiting.push({ id, kind, priority: given });
  }

  private cancel(which: number): void {
    const handles = this.waiting.filter(({ handle }) => handle !== undefined);
    const chosen = handles[which % Math.max(1, handles.length)];
    if (chosen === undefined) return;
    expect(chosen.handle!.cancel()).toBe(true);
    this.waiting = this.waiting.filter((each) => each !== chosen);
  }

  private close(): void {
    this.scope.close();
    this.closed = true;
    const { reason } = this.scope.signal as { reason: unknown };
    for (const { id, kind } of this.waiting)
      if (kind === 'post' || kind === 'signal') this.expected.set(id, reason);
    this.waiting = this.waiting.filter(({ kind }) => kind === 'other');
    for (const id of this.late) this.expected.set(Number(id), reason);
    this.late.clear();
  }
}

it('what waits in a scope runs where it should, is cancelled when it should, and settles', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const host = createVirtualHost();
      const uninstall = host.install();
      try {
        const life = new Life(host);
        for (const each of steps as Step[]) await life.take(each);
        await life.end();
        host.assertClean();
      } finally {
        uninstall();
      }
    }),
    { numRuns: 500 },
  );
});
