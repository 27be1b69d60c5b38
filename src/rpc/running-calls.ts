/**
 * The callee's half of a session: calls of the other end that wait for their turn here, or run.
 *
 * What must always hold:
 * - A call is answered once, and only while it is known here; an id that was seen before is not seen again, so nothing
 *   runs twice because a message came twice.
 * - A call that was aborted before its turn never runs.
 * - Whoever wants to know that a call begins is told, and the message has left, before it does.
 */
import { LanesError } from '../core/errors.js';
import { IdTable } from '../core/id-table.js';
import { isObject } from '../core/webidl.js';
import { currentRuntime } from '../host/runtime.js';
import { runInCall } from './call-context.js';
import { limitError } from './call-options.js';
import { thrownIn } from './error-wire.js';
import { proxy, takeFromResult } from './marks.js';
import { fieldsText, marksText, ownMembers, tellOnly, wholeCall } from './protocol.js';
import type { AskExtras, AskMessage, Mark } from './protocol.js';
import { resolveHolder, resolvePath } from './resolve.js';
import { RunningCall, noExtras } from './running-call.js';
import type { CallRunner } from './running-call.js';
import { createExported } from './session-parts.js';
import type { Received, SessionParts } from './session-parts.js';
import { StartNotices } from './start-notices.js';
import { isThenable } from './thenable.js';

const noMarks: readonly Mark[] = [];

/** Notes of one call that were not sent yet. */
interface Note {
  readonly value: unknown;
}

/** The calls of one session. */
export class RunningCalls implements CallRunner {
  /** Those that wait, or have given a promise. What runs and ends within its turn needs no place here. */
  private readonly calls = new IdTable<RunningCall>();
  private readonly notices: StartNotices<RunningCall>;
  /** The one whose code is on the stack. */
  private underWay: RunningCall | null = null;
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

  /** Queues a call; `root` is what its target names, `undefined` where that is to be waited for. */
  take(message: AskMessage, root: unknown): void {
    const { first: id, fourth: extras } = message;
    if (id <= this.lastId) return message.dispose();
    this.lastId = id;
    const { maxCalls } = this.session.limits;
    if (this.calls.size >= maxCalls) return this.refuse(message, limitError('calls', maxCalls));
    const given = typeof extras === 'number' ? noExtras : ownMembers(extras);
    const isTold = extras === tellOnly || given.tell !== undefined;
    const call = new RunningCall(message, given, root, this, !isTold);
    if (root !== undefined) return this.queue(call);
    this.calls.add(call);
    this.session.services.wait(nameOf(call), call);
  }

  /** What the call names is there: it runs when it is its turn. */
  queue(call: RunningCall): void {
    if (!call.isAnnounced) this.notices.add(call);
    const { pump } = currentRuntime();
    // What comes with it may be more urgent than work for the background.
    if (call.rank < 2 && pump.runAtOnce(call.rank, call)) return;
    this.keep(call);
    pump.enqueue(call.rank, call);
  }

  /** Answers a call that does not run. */
  refuse(message: AskMessage, error: unknown): void {
    const { fourth: extras } = message;
    this.forget(message, typeof extras === 'number' ? noExtras : ownMembers(extras));
    this.session.tellError(fieldsText('fail', message.first), error);
  }

  /** Lets go of what came with a call that does not run. */
  forget(message: Received, { marks }: AskExtras): void {
    message.dispose();
    if (marks !== undefined) this.session.refuse(marks);
  }

  run(call: RunningCall): void {
    if (!call.isAnnounced) this.notices.announce(call);
    const { extras } = call;
    if (extras.runMs !== undefined) call.deadlineMs = currentRuntime().now() + extras.runMs;
    this.underWay = call;
    try {
      const result = runInCall(call, this);
      if (isThenable(result)) this.wait(call, result);
      else this.done(call, result);
    } catch (error) {
      if (call.open) call.message.dispose();
      this.fail(call, error);
    }
    this.underWay = null;
  }

  /** It is known by its id from now on, if it was not. */
  private keep(call: RunningCall): void {
    if (this.calls.get(call.id) === undefined) this.calls.add(call);
  }

  private wait(call: RunningCall, result: PromiseLike<unknown>): void {
    // It may have ended itself.
    if (call.open) this.keep(call);
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
      if (!Reflect.set(holder, key, args[0])) throw new TypeError(`"${path.join('.')}" is read-only`);
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
    if (!isObject(result) && typeof result !== 'symbol' && typeof result !== 'bigint') {
      this.over(call);
      return session.tellWith(fieldsText('done', id), result);
    }
    const exported = createExported();
    try {
      const marking = takeFromResult(result);
      const marks = marking.found.length === 0 ? noMarks : session.hold(marking, call.rank, exported, call);
      const fields = fieldsText('done', id, marksText(marks));
      const message = session.seal(fields, marking.args[0], marking.transfer);
      this.flushNotes(call);
      session.post(message);
      if (exported.streams.length === 0) this.over(call);
      else this.linger(call, exported.streams);
    } catch (error) {
      // The result cannot be cloned: the caller is told where in it.
      session.takeBack(exported);
      this.fail(call, error);
    }
  }

  /**
   * A call whose result has streams lasts until they are over, so that what writes them may read the streams and call the
   * functions that it was given.
   */
  private linger(call: RunningCall, streams: readonly number[]): void {
    call.isAnswered = true;
    this.keep(call);
    this.session.whenOver(streams, () => this.over(call));
  }

  fail(call: RunningCall, error: unknown): void {
    const { id } = call;
    if (!call.open) return;
    this.over(call);
    this.session.tellError(fieldsText('fail', id), error);
  }

  /** Lets go of a call that is answered, or about to be. */
  private over(call: RunningCall): void {
    this.flushNotes(call);
    if (this.calls.size > 0) this.calls.delete(call);
    call.close();
    this.session.callEnded(call);
  }

  private flushNotes(call: RunningCall): void {
    if (this.notes !== null && this.notes.has(call)) this.sendNotes();
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
    const reason = thrownIn(message);
    // Whichever signal it was, the caller waits no more.
    if (call.queued || call.root === undefined) this.drop(call);
    else this.giveUp(call, at, reason);
  }

  /** Nobody waits for it: its code is told, and whatever it does then concerns nobody. */
  private giveUp(call: RunningCall, at: number, reason: unknown): void {
    this.calls.delete(call);
    call.close();
    this.session.callAborted(call, reason);
    call.abort(at, reason);
    this.session.callEnded(call);
  }

  /** It never runs. */
  private drop(call: RunningCall): void {
    this.calls.delete(call);
    call.close();
    if (call.root !== undefined) return void currentRuntime().pump.cancel(call);
    this.session.services.leave(nameOf(call), call);
    call.discard();
  }

  /** The other thread is gone: the next one numbers its calls anew. */
  interrupted(reason: Error): void {
    this.end(reason, () => true, false);
    this.lastId = 0;
  }

  /** Ends the calls that `concerns` names: what waits does not run, what runs is aborted. */
  end(reason: unknown, concerns: (ask: AskMessage) => boolean, tell: boolean): void {
    const calls = new Set(this.calls.all());
    if (this.underWay !== null && this.underWay.open) calls.add(this.underWay);
    for (const call of calls) {
      if (!concerns(call.message)) continue;
      if (call.queued || call.root === undefined) this.drop(call);
      else this.giveUp(call, wholeCall, reason);
      if (tell && !call.isAnswered) this.session.tellError(fieldsText('fail', call.id), reason);
    }
  }
}

/** The service that a call names. */
const nameOf = ({ message }: RunningCall): string => message.second as string; // Invariant: targets that are numbers are there.

function notAFunction(name: string): LanesError {
  return new LanesError('ERR_CALL_NOT_FOUND', `"${name}" of the exposed object is not a function`, {
    value: name,
  });
}
