/**
 * A session: calls both ways between a remote of `wrap` and what was exposed at the other end.
 *
 * What must always hold:
 * - Each ask settles once: by its answer, by the abort of a signal among its arguments, or by the end of the session.
 * - What was exported for a call is forgotten when the call settles; what `proxy` exported, when it is released.
 * - After the end nothing is sent and nothing is held.
 */
import { addAbortAlgorithm, AbortController } from '../core/abort.js';
import { DOMException } from '../core/dom-exception.js';
import { LanesError } from '../core/errors.js';
import type { Endpoint } from './endpoint.js';
import { findLostReason } from './endpoint.js';
import { fromWireError, toWireError } from './error-wire.js';
import type { Marked, Marking } from './marks.js';
import { proxy, putMarked, takeFromArguments, takeFromResult } from './marks.js';
import type { AbortMessage, AskMessage, CallMessage, Mark, Path } from './protocol.js';
import { rootTarget, writeCallMessage } from './protocol.js';
import type { AskKind, Caller } from './remote.js';
import { createRemote } from './remote.js';
import { resolveHolder, resolvePath } from './resolve.js';

/** An ask of ours that waits for its answer. */
interface PendingAsk {
  resolve(value: unknown): void;
  reject(reason: unknown): void;
  readonly exported: readonly number[];
  readonly forget: readonly (() => void)[];
}

/** An ask of theirs that is being worked on. */
interface RunningAsk {
  readonly controllers: Map<number, AbortController>;
  readonly callbacks: { open: boolean };
}

const noop = (): void => {
  /* handled elsewhere */
};

const released = (): LanesError =>
  new LanesError('ERR_CALL_RELEASED', 'the remote was released, or the call that it belonged to has ended');

/** One end of a session. */
export class Session {
  private readonly pending = new Map<number, PendingAsk>();
  private readonly running = new Map<number, RunningAsk>();
  private readonly exports = new Map<number, unknown>();
  private nextId = 1;
  private nextTarget = rootTarget + 1;
  private endReason: unknown = null;
  private ended = false;

  constructor(
    private readonly id: string,
    private readonly endpoint: Endpoint,
    private readonly onEnd: () => void,
  ) {}

  /** What would leak if it grew: asks under way both ways, and objects held for the other side. */
  get counters(): { readonly pending: number; readonly running: number; readonly exported: number } {
    return { pending: this.pending.size, running: this.running.size, exported: this.exports.size };
  }

  /** Names what target 0 is. */
  exposeRoot(root: unknown): void {
    this.exports.set(rootTarget, root);
  }

  /** A remote for one of the other side's targets. `lease` says whether calls may still be made. */
  createRemote(target: number, lease: { open: boolean }, onRelease: () => void): object {
    const caller: Caller = {
      ask: (kind, path, args) => (lease.open ? this.ask(kind, target, path, args) : rejection(released())),
      release: () => {
        if (!lease.open) return;
        lease.open = false;
        onRelease();
      },
    };
    return createRemote(caller);
  }

  /** Handles what the other end sent; the message has the shape that the table asks for. */
  receive(message: CallMessage): void {
    if (this.ended) return;
    switch (message[0]) {
      case 'done':
        return this.settle(message[1], (ask) => ask.resolve(this.fill(message[2], message[3], null)[0]));
      case 'fail':
        return this.settle(message[1], (ask) => ask.reject(fromWireError(message[2])));
      case 'abort':
        return this.abortRunning(message);
      case 'release':
        if (message[1] !== rootTarget) this.exports.delete(message[1]);
        return;
      case 'end':
        return this.end(released(), false);
      default:
        return this.run(message);
    }
  }

  /** Ends the session: what waits rejects with `reason`, what runs here is aborted with it. */
  end(reason: unknown, tell: boolean): void {
    if (this.ended) return;
    if (tell) this.post(['end'], []);
    this.ended = true;
    this.endReason = reason;
    for (const id of Array.from(this.pending.keys())) this.settle(id, (ask) => ask.reject(reason));
    this.running.forEach((ask) => this.finish(ask, reason));
    this.running.clear();
    this.exports.clear();
    this.onEnd();
  }

  /** Ends the session because its remote was released. */
  release(): void {
    this.end(released(), true);
  }

  private ask(kind: AskKind, target: number, path: Path, args: readonly unknown[]): Promise<unknown> {
    const lost = this.ended ? this.endReason : findLostReason(this.endpoint);
    if (lost !== null) return rejection(lost);
    return new Promise((resolve, reject) => {
      const marking = takeFromArguments(args);
      const aborted = marking.found.find(([, marked]) => marked.kind === 'signal' && marked.value.aborted);
      if (aborted !== undefined) return reject(reasonOf(aborted[1]));
      this.send(kind, target, path, marking, resolve, reject);
    });
  }

  private send(
    kind: AskKind,
    target: number,
    path: Path,
    marking: Marking,
    resolve: (value: unknown) => void,
    reject: (reason: unknown) => void,
  ): void {
    const id = this.nextId++;
    const exported: number[] = [];
    const forget: (() => void)[] = [];
    const marks = this.mark(marking, exported);
    try {
      this.post([kind, id, target, path, marking.args, marks], marking.transfer);
    } catch (error) {
      // Cannot be cloned: nothing was sent.
      for (const [, , made] of marks) this.exports.delete(made);
      return reject(error);
    }
    this.pending.set(id, { resolve, reject, exported, forget });
    marking.found.forEach(([, marked], at) => {
      if (marked.kind === 'signal')
        forget.push(addAbortAlgorithm(marked.value, () => this.abort(id, at, reasonOf(marked))));
    });
  }

  /** Exports what was taken out of the arguments or the result; `scoped` gets what ends with the call. */
  private mark({ found }: Marking, scoped: number[] | null): Mark[] {
    return found.map(([place, marked]) => {
      if (marked.kind === 'signal') return [place, 'signal', 0];
      const target = this.nextTarget++;
      this.exports.set(target, marked.value);
      if (marked.kind === 'function' && scoped !== null) scoped.push(target);
      return [place, marked.kind, target];
    });
  }

  /** A signal among the arguments was aborted: the other side is told, the caller does not wait for it. */
  private abort(id: number, at: number, reason: unknown): void {
    if (!this.pending.has(id)) return;
    this.post(['abort', id, at, toWireError(reason)], []);
    this.settle(id, (ask) => ask.reject(reason));
  }

  private settle(id: number, how: (ask: PendingAsk) => void): void {
    const ask = this.pending.get(id);
    // An answer to an ask that was aborted comes late, and is of no use.
    if (ask === undefined) return;
    this.pending.delete(id);
    for (const forget of ask.forget) forget();
    for (const target of ask.exported) this.exports.delete(target);
    how(ask);
  }

  private run(message: AskMessage): void {
    const [, id, , , args, marks] = message;
    if (this.running.has(id)) return;
    const running: RunningAsk = { controllers: new Map(), callbacks: { open: true } };
    this.running.set(id, running);
    try {
      const result = this.perform(message, this.fill(args, marks, running));
      if (isThenable(result))
        result.then(
          (value) => this.done(id, value),
          (error: unknown) => this.fail(id, error),
        );
      else this.done(id, result);
    } catch (error) {
      this.fail(id, error);
    }
  }

  private perform([kind, , target, path]: AskMessage, args: readonly unknown[]): unknown {
    if (!this.exports.has(target)) throw released();
    const root = this.exports.get(target);
    if (kind === 'set') {
      const { holder, key } = resolveHolder(root, path);
      Reflect.set(holder, key, args[0]);
      return undefined;
    }
    const { holder, value } = resolvePath(root, path);
    if (kind === 'get') return value;
    if (typeof value !== 'function') {
      throw new LanesError(
        'ERR_CALL_NOT_FOUND',
        `"${path.join('.')}" of the exposed object is not a function`,
        {
          value: path.join('.'),
        },
      );
    }
    if (kind === 'call') return Reflect.apply(value, holder, args);
    return proxy(Reflect.construct(value, args) as object);
  }

  /** Puts signals and remotes into the places of marks; `running` is `null` for a result. */
  private fill(args: readonly unknown[], marks: readonly Mark[], running: RunningAsk | null): unknown[] {
    return putMarked(args, marks, ([, kind, target], at) => {
      if (kind === 'signal') return running === null ? undefined : createSignal(running, at);
      const scoped = kind === 'function' && running !== null;
      const lease = scoped ? running.callbacks : { open: true };
      return this.createRemote(target, lease, () => this.post(['release', target], []));
    });
  }

  private done(id: number, result: unknown): void {
    const running = this.running.get(id);
    if (running === undefined) return;
    try {
      const marking = takeFromResult(result);
      this.post(['done', id, marking.args, this.mark(marking, null)], marking.transfer);
    } catch (error) {
      // The result cannot be cloned: the caller is told where in it.
      return this.fail(id, error);
    }
    this.running.delete(id);
    this.finish(running, null);
  }

  private fail(id: number, error: unknown): void {
    const running = this.running.get(id);
    if (running === undefined) return;
    this.running.delete(id);
    this.finish(running, null);
    this.post(['fail', id, toWireError(error)], []);
  }

  /** Closes the callbacks of a call; with a reason, aborts it. */
  private finish(running: RunningAsk, reason: unknown): void {
    running.callbacks.open = false;
    if (reason !== null) running.controllers.forEach((controller) => controller.abort(reason));
    running.controllers.clear();
  }

  private abortRunning([, id, at, error]: AbortMessage): void {
    this.running.get(id)?.controllers.get(at)?.abort(fromWireError(error));
  }

  private post(message: CallMessage, transfer: object[]): void {
    if (!this.ended) this.endpoint.postMessage(writeCallMessage(this.id, message), transfer);
  }
}

function createSignal(running: RunningAsk, at: number): object {
  const controller = new AbortController();
  running.controllers.set(at, controller);
  return controller.signal;
}

function reasonOf(marked: Marked): unknown {
  const { reason } = marked.value as { readonly reason?: unknown };
  return reason === undefined ? new DOMException('the call was aborted', 'AbortError') : reason;
}

/** A rejected promise that nobody need look at: a callback called too late is no fault of the thread's. */
function rejection(reason: unknown): Promise<never> {
  const promise = Promise.reject(reason);
  promise.catch(noop);
  return promise;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}
