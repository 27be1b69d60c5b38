/**
 * The callee's half of a session: calls of the other end that wait for their turn here, or run.
 *
 * What must always hold:
 * - A call is answered once, and only while it is known here; an id that was seen before is not seen again, so nothing
 *   runs twice because a message came twice.
 * - A call that was aborted before its turn never runs.
 * - Whoever wants to know that a call begins is told, and the message has left, before it does.
 */
import { AbortController } from '../core/abort.js';
import type { AbortSignal } from '../core/abort.js';
import { LanesError } from '../core/errors.js';
import { QueuedTask } from '../core/task.js';
import { isObject } from '../core/webidl.js';
import type { Rank, TaskRunner } from '../core/task.js';
import { currentRuntime } from '../host/runtime.js';
import { plainState } from '../scheduler/scheduling-state.js';
import { runInCall } from './call-context.js';
import type { CallInside } from './call-context.js';
import { limitError } from './call-options.js';
import { setDeadline } from './deadline.js';
import { fromWireError, isWireError, toWireError } from './error-wire.js';
import { proxy, takeFromResult } from './marks.js';
import { fieldsText, marksText, tellOnly } from './protocol.js';
import type { AskExtras, AskMessage, Mark } from './protocol.js';
import { resolveHolder, resolvePath } from './resolve.js';
import type { Received, Scope, SessionParts } from './session-parts.js';
import { StartNotices } from './start-notices.js';
import { isThenable } from './thenable.js';

const noMarks: readonly Mark[] = [];
const noMetadata: Readonly<Record<string, string>> = Object.freeze({});

/** Extras of a call that has none beside `tell`. */
const noExtras: AskExtras = {};

/** How a call may be aborted; made where somebody asks for it. */
interface Aborts {
  /** Of the signals among the arguments, by the number of their marks. */
  readonly controllers: Map<number, AbortController>;
  own: AbortController | null;
}

/** A call of the other end. */
class RunningCall extends QueuedTask implements CallInside, Scope {
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
  deadlineMs = Infinity;
  private aborts: Aborts | null = null;
  private ended: { readonly reason: unknown } | null = null;

  constructor(
    readonly message: AskMessage,
    readonly extras: AskExtras,
    readonly root: unknown,
    private readonly calls: RunningCalls,
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

  execute(runner: TaskRunner): void {
    runner.letJobsRun();
    runner.context = plainState(this.rank);
    this.calls.run(this);
  }

  discard(): void {
    this.message.dispose();
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
    if (this.open && this.extras.notes !== undefined) this.calls.note(this, value);
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
    if (at >= 0) return aborts?.controllers.get(at)?.abort(reason);
    this.ended ??= { reason };
    aborts?.own?.abort(reason);
    aborts?.controllers.forEach((controller) => controller.abort(reason));
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

/** Notes of one call that were not sent yet. */
interface Note {
  readonly value: unknown;
}

/** The calls of one session. */
export class RunningCalls {
  /** Those that wait, or have given a promise. What runs and ends within its turn needs no place here. */
  private readonly calls = new Map<number, RunningCall>();
  private readonly notices: StartNotices<RunningCall>;
  private notes: Map<RunningCall, Note> | null = null;
  private lastId = 0;
  private readonly onSliceEnd = (): void => this.sendNotes();

  constructor(private readonly session: SessionParts) {
    this.notices = new StartNotices((ids) => {
      session.tell(fieldsText('start', `[${ids.join(',')}]`));
      session.flush();
    });
  }

  get size(): number {
    return this.calls.size;
  }

  /** Queues a call; `root` is what its target names. */
  take(message: AskMessage, root: unknown): void {
    const { first: id, fourth: extras } = message;
    if (id <= this.lastId) return message.dispose();
    this.lastId = id;
    const { maxCalls } = this.session.limits;
    if (this.calls.size >= maxCalls) return this.refuse(message, limitError('calls', maxCalls));
    const given = typeof extras === 'number' ? noExtras : extras;
    const isTold = extras === tellOnly || given.tell !== undefined;
    const call = new RunningCall(message, given, root, this, !isTold);
    if (!call.isAnnounced) this.notices.add(call);
    const { pump } = currentRuntime();
    if (pump.runAtOnce(call.rank, call)) return;
    this.calls.set(id, call);
    pump.enqueue(call.rank, call);
  }

  /** Answers a call that does not run. */
  refuse(message: AskMessage, error: unknown): void {
    message.dispose();
    this.session.tellWith(fieldsText('fail', message.first), toWireError(error));
  }

  run(call: RunningCall): void {
    if (!call.isAnnounced) this.notices.announce(call);
    const { extras } = call;
    if (extras.runMs !== undefined) call.deadlineMs = currentRuntime().now() + extras.runMs;
    try {
      const result = runInCall(call, this);
      if (isThenable(result)) this.wait(call, result);
      else this.done(call, result);
    } catch (error) {
      if (call.open) call.message.dispose();
      this.fail(call, error);
    }
  }

  private wait(call: RunningCall, result: PromiseLike<unknown>): void {
    this.calls.set(call.id, call);
    result.then(
      (value) => this.done(call, value),
      (error: unknown) => this.fail(call, error),
    );
  }

  /** Runs the callee's code, as `runInCall` asks. */
  perform(call: RunningCall): unknown {
    const { root, message } = call;
    const { op: kind, third: wirePath } = message;
    const path = typeof wirePath === 'string' ? [wirePath] : wirePath;
    const args = this.argumentsOf(call, call.extras.marks ?? noMarks);
    if (kind === 'set') {
      const { holder, key } = resolveHolder(root, path);
      Reflect.set(holder, key, args[0]);
      return undefined;
    }
    const { holder, value } = resolvePath(root, path);
    if (kind === 'get') return value;
    if (typeof value !== 'function') throw notAFunction(path.join('.'));
    if (kind === 'call') return Reflect.apply(value, holder, args);
    return proxy(Reflect.construct(value, args) as object);
  }

  private argumentsOf(call: RunningCall, marks: readonly Mark[]): readonly unknown[] {
    if (call.message.op === 'get') return [];
    const body = call.message.openBody();
    if (!Array.isArray(body)) throw new LanesError('ERR_PROTOCOL', 'a call whose arguments are no array');
    return marks.length === 0
      ? (body as unknown[])
      : this.session.revive(body, marks, call, (at) => call.signalAt(at));
  }

  private done(call: RunningCall, result: unknown): void {
    const { id } = call;
    if (!call.open) return;
    if (result === undefined) {
      this.over(call);
      return this.session.tell(fieldsText('void', id));
    }
    const { session } = this;
    if (!isObject(result) && typeof result !== 'symbol') {
      this.over(call);
      return session.tellWith(fieldsText('done', id), result);
    }
    const exported = { targets: [], streams: [] };
    try {
      const marking = takeFromResult(result);
      const marks = marking.found.length === 0 ? noMarks : session.hold(marking, call.rank, exported);
      const fields = fieldsText('done', id, marksText(marks));
      const message = session.seal(fields, marking.args[0], marking.transfer);
      this.over(call);
      session.post(message);
    } catch (error) {
      // The result cannot be cloned: the caller is told where in it.
      session.letGo(exported);
      this.fail(call, error);
    }
  }

  private fail(call: RunningCall, error: unknown): void {
    const { id } = call;
    if (!call.open) return;
    this.over(call);
    this.session.tellWith(fieldsText('fail', id), toWireError(error));
  }

  /** Lets go of a call that is about to be answered. */
  private over(call: RunningCall): void {
    if (this.notes !== null && this.notes.has(call)) this.sendNotes();
    if (this.calls.size > 0) this.calls.delete(call.id);
    call.open = false;
    this.session.callEnded(call);
  }

  note(call: RunningCall, value: unknown): void {
    if (this.notes === null) {
      this.notes = new Map();
      currentRuntime().pump.atSliceEnd(this.onSliceEnd);
    }
    this.notes.set(call, { value });
  }

  private sendNotes(): void {
    const { notes, session } = this;
    this.notes = null;
    notes?.forEach(({ value }, call) => {
      try {
        session.tellWith(fieldsText('note', call.id), value);
      } catch (error) {
        currentRuntime().host.app.reportError(error);
      }
    });
    session.flush();
  }

  /** The caller aborted a call, or a signal that it gave with it. */
  abort(id: number, at: number, message: Received): void {
    const call = this.calls.get(id);
    if (call === undefined) return message.dispose();
    const body = message.openBody();
    const reason = isWireError(body) ? fromWireError(body) : body;
    // Whichever signal it was, the caller waits no more.
    if (call.queued) this.drop(call);
    else call.abort(at, reason);
  }

  private drop(call: RunningCall): void {
    this.calls.delete(call.id);
    call.open = false;
    currentRuntime().pump.cancel(call);
  }

  /** The other thread is gone: the next one numbers its calls anew. */
  interrupted(reason: Error): void {
    this.end(reason, () => true, false);
    this.lastId = 0;
  }

  /** Ends the calls that `concerns` names: what waits does not run, what runs is aborted. */
  end(reason: unknown, concerns: (root: unknown) => boolean, tell: boolean): void {
    for (const call of Array.from(this.calls.values())) {
      if (!concerns(call.root)) continue;
      if (call.queued) this.drop(call);
      else {
        this.calls.delete(call.id);
        call.open = false;
        this.session.callEnded(call);
        call.abort(-1, reason);
      }
      if (tell) this.session.tellWith(fieldsText('fail', call.id), toWireError(reason));
    }
  }
}

function notAFunction(name: string): LanesError {
  return new LanesError('ERR_CALL_NOT_FOUND', `"${name}" of the exposed object is not a function`, {
    value: name,
  });
}
