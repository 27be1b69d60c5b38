/**
 * The hub of an endpoint: everything that calls through it need, both ways.
 *
 *   wrap, service ──► outgoing session ─┐                    ┌─► incoming session ──► what is exposed, provided
 *                                       ├──► control port ◄──┤
 *   exposed, provided ◄── incoming ─────┘                    └── outgoing ◄── wrap, service
 *
 * What must always hold:
 * - An endpoint has one hub in a thread, and the hub one session of its own, however many remotes there are.
 * - A call of something that nobody provides waits for it, and fails when that takes too long.
 */
import type { ControlListener, ControlParcel, ControlPort } from '../channel/control-form.js';
import { seal, sealText } from '../channel/control.js';
import type { Outgoing } from '../channel/entangled.js';
import { LanesError } from '../core/errors.js';
import { ForegroundTimer } from '../host/foreground-timer.js';
import { currentRuntime } from '../host/runtime.js';
import { defaultLimits, limitError } from './call-options.js';
import type { CallLimits } from './call-options.js';
import type { Endpoint } from './endpoint.js';
import { controlPortOf } from './endpoint.js';
import { toWireError } from './error-wire.js';
import { nothingMoves } from './nothing-moves.js';
import { released } from './pending-calls.js';
import { createSessionId, fieldsText, isCallMessage, rootTarget } from './protocol.js';
import type { AskMessage, CallMessage } from './protocol.js';
import { Session } from './session.js';
import type { SessionCounters } from './session.js';
import type { Awaiting, Services } from './session-parts.js';

/** How long a call waits for what it names to be provided, in milliseconds in the foreground. */
const provideTimeoutMs = 10_000;

/** Sessions of others through an endpoint that is not ours, where several may share one; far above any use. */
const maxSessions = 256;

/** Calls for a service that is not there yet; at least one. */
interface Awaited {
  readonly calls: Set<Awaiting>;
  readonly timer: ForegroundTimer;
}

/** How much is under way through an endpoint, both ways; all zero when nothing is. */
export interface CallStats extends SessionCounters {
  /** Messages that could not be read, since the beginning. */
  readonly faults: number;
}

const hubs = new WeakMap<object, Hub>();

/** The hub of `endpoint`, which begins to be heard. */
export function hubOf(endpoint: Endpoint): Hub {
  let hub = hubs.get(endpoint);
  if (hub === undefined) hubs.set(endpoint, (hub = new Hub(controlPortOf(endpoint))));
  return hub;
}

/** The hub of `endpoint`, if it ever had one. */
export function findHub(endpoint: object): Hub | undefined {
  return hubs.get(endpoint);
}

/** Calls through one endpoint. */
export class Hub implements ControlListener, Services {
  limits: CallLimits = defaultLimits;
  /** The session of the calls that are made here. */
  readonly session: Session;
  private readonly incoming = new Map<string, Session>();
  private readonly roots = new Map<string, object>();
  private readonly awaited = new Map<string, Awaited>();
  private readonly offered = new Set<string>();
  private faults = 0;
  private lastLeft = '';

  constructor(private readonly port: ControlPort) {
    this.session = this.createSession(createSessionId());
    port.listen(this);
  }

  get stats(): CallStats {
    const sum = { ...this.session.counters };
    for (const { counters } of this.incoming.values())
      for (const key of Object.keys(sum) as (keyof SessionCounters)[])
        (sum as Record<keyof SessionCounters, number>)[key] += counters[key];
    return { ...sum, faults: this.faults };
  }

  /** Whether the other end says that it provides a service of that name. */
  isOffered(name: string): boolean {
    return this.offered.has(name);
  }

  /**
   * Lets the other end call `root` by a name; gives the way to end that.
   * @throws LanesError `ERR_INVALID_ARGUMENT` where something is provided by that name
   */
  provide(name: string, root: object): () => void {
    if (this.roots.has(name)) {
      const what = name === rootTarget ? 'something is exposed' : `"${name}" is provided`;
      throw new LanesError(
        'ERR_INVALID_ARGUMENT',
        `${what} on this endpoint already: end that first, or provide by another name`,
        { value: name },
      );
    }
    this.roots.set(name, root);
    this.offer(name, 1);
    const awaited = this.awaited.get(name);
    this.awaited.delete(name);
    awaited?.timer.cancel();
    awaited?.calls.forEach((call) => call.found(root));
    return () => {
      if (this.roots.get(name) !== root) return;
      this.roots.delete(name);
      this.offer(name, 0);
      this.incoming.forEach(({ running }) => running.end(released(), ({ second }) => second === name, true));
    };
  }

  private offer(name: string, whether: 0 | 1): void {
    this.session.tell(fieldsText('offer', JSON.stringify(name), whether));
  }

  take(message: ControlParcel): void {
    message.accept();
    if (!isCallMessage(message)) return this.fault(message);
    if (message.op === 'left') return this.hearLeft(message.session);
    const session = this.sessionOf(message.session) ?? this.begin(message);
    if (message.op === 'offer') this.hearOffer(message.first, message.second === 1);
    else if (session !== null) this.deliver(session, message);
    else {
      message.dispose();
      if (isAskMessage(message))
        this.fail(message.session, message.first, limitError('sessions', maxSessions));
    }
  }

  private deliver(session: Session, message: CallMessage): void {
    try {
      session.receive(message);
    } catch {
      // Its body is of another form than its operation asks for.
      this.fault(message);
    }
  }

  /** Counted; reported once, for who can send one can send a million. Who waits for an answer is told, too. */
  private fault(message: ControlParcel): void {
    message.dispose();
    const { session, op, first } = message;
    const error = new LanesError('ERR_PROTOCOL', 'the other end sent a call that cannot be read', {
      value: op,
    });
    if (typeof first === 'number') {
      if (isAsk(op)) this.fail(session, first, error);
      else if (isAnswer(op)) this.sessionOf(session)?.pending.refused(first, error);
    }
    if (this.faults++ === 0) currentRuntime().host.app.reportError(error);
  }

  /** Answers a call that no session knows. */
  private fail(session: string, id: number, error: Error): void {
    this.port.post(seal(session, fieldsText('fail', id), toWireError(error), nothingMoves));
  }

  farewell(): Outgoing {
    return sealText(this.session.id, `${fieldsText('left', 0)}0`);
  }

  /** Whoever was at the other end of a port is there no more. What it had sent has arrived. */
  private hearLeft(session: string): void {
    // Twice the same: nothing new.
    if (session === this.lastLeft) return;
    this.lastLeft = session;
    const reason = new LanesError('ERR_PORT_CLOSED', 'the other end of the port was transferred');
    this.incoming.get(session)?.end(reason);
    this.incoming.delete(session);
    this.offered.clear();
    this.session.interrupted(reason, true);
    this.resumed();
  }

  private hearOffer(name: string, whether: boolean): void {
    if (!whether) this.offered.delete(name);
    else if (this.offered.size < maxSessions) this.offered.add(name);
  }

  private sessionOf(id: string): Session | undefined {
    return id === this.session.id ? this.session : this.incoming.get(id);
  }

  /** A session begins with its first call; whatever else names one that is not known is of the past. */
  private begin({ session: id, op }: CallMessage): Session | null {
    if (!isAsk(op) || this.incoming.size >= maxSessions) return null;
    const session = this.createSession(id);
    this.incoming.set(id, session);
    return session;
  }

  private createSession(id: string): Session {
    return new Session(id, this.port, () => this.limits, this);
  }

  find(name: string): object | undefined {
    return this.roots.get(name);
  }

  wait(name: string, call: Awaiting): void {
    const awaited = this.awaited.get(name);
    if (awaited !== undefined) return void awaited.calls.add(call);
    const calls = new Set([call]);
    const timer = new ForegroundTimer(provideTimeoutMs, () => {
      this.awaited.delete(name);
      const error = notProvided(name, Array.from(this.roots.keys()));
      for (const each of calls) each.missing(error);
    });
    this.awaited.set(name, { calls, timer });
  }

  leave(name: string, call: Awaiting): void {
    const awaited = this.awaited.get(name);
    if (awaited === undefined || !awaited.calls.delete(call) || awaited.calls.size > 0) return;
    awaited.timer.cancel();
    this.awaited.delete(name);
  }

  isBusy(): boolean {
    const { pending, running, callbacks, streams } = this.stats;
    return pending + running + callbacks + streams > 0;
  }

  interrupted(reason: Error, certain: boolean): void {
    this.endIncoming(reason);
    this.offered.clear();
    this.session.interrupted(reason, certain);
  }

  resumed(): void {
    this.roots.forEach((_root, name) => this.offer(name, 1));
    this.session.resumed();
  }

  closed(reason: Error): void {
    this.session.end(reason);
    this.endIncoming(reason);
  }

  private endIncoming(reason: Error): void {
    this.incoming.forEach((session) => session.end(reason));
    this.incoming.clear();
  }
}

const isAsk = (op: unknown): boolean => op === 'call' || op === 'new' || op === 'get' || op === 'set';

const isAskMessage = (message: CallMessage): message is AskMessage => isAsk(message.op);

const isAnswer = (op: unknown): boolean => op === 'done' || op === 'void' || op === 'fail';

function notProvided(name: string, names: readonly string[]): LanesError {
  const what = name === rootTarget ? 'nothing is exposed' : `"${name}" is not provided`;
  const others = names.filter((each) => each !== rootTarget).map((each) => `"${each}"`);
  return new LanesError(
    'ERR_CALL_NOT_FOUND',
    `${what} at the other end${others.length === 0 ? '' : `, which provides ${others.join(', ')}`}`,
    { value: name },
  );
}
