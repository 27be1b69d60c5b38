/** A routine that is an async function, or any function that is no generator: it runs by promise jobs after its first step. */
import { LanesError } from '../core/errors.js';
import { GeneratorRoutine } from './generator-routine.js';
import { BaseRoutine, createOrigin } from './routine.js';
import type { RunQueue } from './run-queue.js';

/** A routine in its familiar form. */
export class AsyncRoutine extends BaseRoutine {
  /** See `core/task.ts`. */
  static readonly kept = new AsyncRoutine(() => undefined, [], createOrigin(1));

  run(queue: RunQueue): void {
    const { ending } = this.origin;
    if (ending !== null) return this.fail(ending.reason);
    try {
      this.follow(this.begin(), queue);
    } catch (error) {
      this.fail(error);
    }
  }

  /** What it awaits nobody can see. */
  get waitsFor(): object | null {
    return null;
  }

  protected get isUnstoppable(): boolean {
    return true;
  }

  protected stop(): void {
    const { input } = this;
    if (input instanceof GeneratorRoutine && this.origin.ending !== null)
      input.cancel(this.origin.ending.reason);
  }

  protected override finish(value: unknown): void {
    const { ending } = this.origin;
    if (ending === null) super.finish(value);
    else this.fail(ending.reason);
  }

  protected override fail(reason: unknown): void {
    const { ending } = this.origin;
    // What it throws after it was cancelled is not heard any more.
    super.fail(ending === null ? reason : ending.reason);
  }

  private follow(result: unknown, queue: RunQueue): void {
    const { then, next } = Object(result) as { readonly then?: unknown; readonly next?: unknown };
    if (typeof next === 'function' && Symbol.asyncIterator in (result as object))
      throw new LanesError(
        'ERR_INVALID_ARGUMENT',
        'a routine is no async generator function, whose values nobody would read: give a generator or an async one',
        { value: this.fn },
      );
    if (typeof then === 'function') {
      queue.jobsWanted = true;
      // Bound functions, which take less than closures: 57 bytes a routine in V8.
      Promise.resolve(result).then(this.finish.bind(this), this.fail.bind(this));
    } else if (typeof next === 'function') {
      // A function that gives a generator, its own or one that a compiler has made of it.
      const inner = new GeneratorRoutine(() => result, [], { ...this.origin, onEnd: null });
      this.input = inner;
      queue.push(inner);
      this.follow(inner.done, queue);
    } else this.finish(result);
  }
}
