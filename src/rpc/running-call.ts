/** One call of the other end: what it is to the pump, to the callee's code, and to its callbacks. */
import { AbortController } from '../core/abort.js';
import type { AbortSignal } from '../core/abort.js';
import { QueuedTask } from '../core/task.js';
import type { Rank, TaskRunner } from '../core/task.js';
import { plainState } from '../scheduler/scheduling-state.js';
import type { CallInside } from './call-context.js';
import { setDeadline } from '../host/deadlines.js';
import type { AskExtras, AskMessage } from './protocol.js';
import type { Awaiting, Scope } from './session-parts.js';

const noMetadata: Readonly<Record<string, string>> = Object.freeze({});

/** Extras of a call that has none beside `tell`. */
export const noExtras: AskExtras = Object.create(null) as AskExtras;

/** Who runs calls. */
export interface CallRunner {
  run(call: RunningCall): void;
  /** What it names is there. */
  queue(call: RunningCall): void;
  fail(call: RunningCall, error: unknown): void;
  /** It does not run: lets go of what came with it. */
  forget(message: AskMessage, extras: AskExtras): void;
  note(call: RunningCall, value: unknown): void;
}

/** How a call may be aborted; made where somebody asks for it. */
interface Aborts {
  /** Of the signals among the arguments, by the number of their marks. */
  readonly controllers: Map<number, AbortController>;
  own: AbortController | null;
}

/** A call of the other end. */
export class RunningCall extends QueuedTask implements CallInside, Scope, Awaiting {
  /** See `core/task.ts`. */
  static readonly kept: RunningCall = new RunningCall(
    { first: 0 } as AskMessage,
    noExtras,
    null,
    null as never,
    true,
  );

  /** Until it is answered, or nobody wants an answer any more: so long its callbacks may be called. */
  open = true;
  /** Whether its answer has left, and streams of that are not over. */
  isAnswered = false;
  parts: Scope[] | null = null;
  deadlineMs = Infinity;
  private aborts: Aborts | null = null;
  private ended: { readonly reason: unknown } | null = null;

  constructor(
    readonly message: AskMessage,
    readonly extras: AskExtras,
    /** What its target names; `undefined` while that is not provided. */
    public root: unknown,
    private readonly runner: CallRunner,
    /** Whether the caller knows that it begins, or need not. */
    public isAnnounced: boolean,
  ) {
    super();
  }

  get id(): number {
    return this.message.first;
  }

  get rank(): Rank {
    return this.extras.rank ?? 1;
  }

  get isTimed(): boolean {
    return this.extras.runMs !== undefined;
  }

  execute(runner: TaskRunner): void {
    runner.letJobsRun();
    runner.context = plainState(this.rank);
    this.runner.run(this);
  }

  discard(): void {
    this.runner.forget(this.message, this.extras);
  }

  /** No answer is given any more. */
  close(): void {
    this.open = false;
    this.parts?.forEach((part) => (part.open = false));
  }

  found(root: object): void {
    this.root = root;
    this.runner.queue(this);
  }

  missing(error: Error): void {
    this.discard();
    this.runner.fail(this, error);
  }

  /** Aborts when the caller gives the call up. */
  get signal(): AbortSignal {
    const aborts = this.requireAborts();
    if (aborts.own === null) {
      aborts.own = this.createController();
      if (this.ended !== null) aborts.own.abort(this.ended.reason);
    }
    return aborts.own.signal;
  }

  get metadata(): Readonly<Record<string, string>> {
    return this.extras.metadata ?? noMetadata;
  }

  /** Tells the caller how far it has come; of what is said in one slice the last. */
  progress(value: unknown): void {
    if (this.open && !this.isAnswered && this.extras.notes !== undefined) this.runner.note(this, value);
  }

  /** The signal among the arguments that mark number `at` stands for. */
  signalAt(at: number): AbortSignal {
    const controller = this.createController();
    this.requireAborts().controllers.set(at, controller);
    return controller.signal;
  }

  /** The caller aborted one of the signals, or the call. */
  abort(at: number, reason: unknown): void {
    const { aborts } = this;
    this.ended ??= { reason };
    // Whichever signal it was, the caller has given the call up.
    if (at >= 0) aborts?.controllers.get(at)?.abort(reason);
    else aborts?.controllers.forEach((controller) => controller.abort(reason));
    aborts?.own?.abort(reason);
  }

  private requireAborts(): Aborts {
    return (this.aborts ??= { controllers: new Map(), own: null });
  }

  private createController(): AbortController {
    const controller = new AbortController();
    setDeadline(controller.signal, this.deadlineMs);
    return controller;
  }
}
