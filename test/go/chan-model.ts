/**
 * Channels and select as a sequential model, small enough to be seen right: plain arrays, no operations, no lists.
 *
 * What must always hold: a client is in `ready`, waits in queues, or runs; it waits for one step, by one or several cases.
 */

/** One way for a step to go on. A channel of -1 is nil. */
export type ModelCase =
  | { readonly kind: 'from'; readonly chan: number }
  | { readonly kind: 'to'; readonly chan: number; readonly value: number }
  | { readonly kind: 'after'; readonly dueMs: number }
  | { readonly kind: 'done' };

/** What a step came to. */
export type ModelOutcome =
  | { readonly at: number; readonly value?: number | undefined; readonly ok?: boolean }
  | { readonly fails: 'closed' | 'aborted' };

interface Waiting {
  readonly client: Client;
  readonly cases: readonly ModelCase[];
  readonly hasSignal: boolean;
}

interface Entry {
  readonly by: Waiting;
  readonly at: number;
}

interface ModelChan {
  readonly cap: number;
  buffer: number[];
  closed: boolean;
  receivers: Entry[];
  senders: Entry[];
}

/** A routine, as the model sees it. */
export interface Client {
  readonly id: number;
  waiting: Waiting | null;
  /** What its step came to, until it takes it. */
  outcome: ModelOutcome | null;
  started: boolean;
  cancelled: boolean;
  closing: boolean;
  /** Whether the signal of its current step has aborted. */
  aborted: boolean;
  over: boolean;
}

/** The model. */
export class ChanModel {
  readonly chans: ModelChan[];
  readonly clients: Client[] = [];
  ready: Client[] = [];
  nowMs = 0;

  constructor(capacities: readonly number[]) {
    this.chans = capacities.map((cap) => ({ cap, buffer: [], closed: false, receivers: [], senders: [] }));
  }

  start(): Client {
    const client: Client = {
      id: this.clients.length,
      waiting: null,
      outcome: null,
      started: false,
      cancelled: false,
      closing: false,
      aborted: false,
      over: false,
    };
    this.clients.push(client);
    this.ready.push(client);
    return client;
  }

  /** The cases that can happen now. */
  readyCases(client: Client, cases: readonly ModelCase[]): number[] {
    return cases.flatMap((each, at) => (this.isReady(client, each) ? [at] : []));
  }

  /** Lets a case that is ready happen. */
  happen(client: Client, cases: readonly ModelCase[], at: number): ModelOutcome {
    const each = cases[at] as ModelCase;
    if (each.kind === 'after' || each.kind === 'done') return { at };
    const chan = this.chans[each.chan] as ModelChan;
    return each.kind === 'from' ? this.receive(chan, at) : this.send(chan, at, each.value);
  }

  wait(client: Client, cases: readonly ModelCase[], hasSignal: boolean): void {
    const by: Waiting = { client, cases, hasSignal };
    client.waiting = by;
    cases.forEach((each, at) => {
      if (each.kind === 'from') this.chans[each.chan]?.receivers.push({ by, at });
      if (each.kind === 'to') this.chans[each.chan]?.senders.push({ by, at });
    });
  }

  close(at: number): boolean {
    const chan = this.chans[at] as ModelChan;
    if (chan.closed) return false;
    chan.closed = true;
    for (let entry = chan.receivers[0]; entry !== undefined; entry = chan.receivers[0])
      this.grant(entry, { at: entry.at, value: undefined, ok: false });
    for (let entry = chan.senders[0]; entry !== undefined; entry = chan.senders[0])
      this.grant(entry, { fails: 'closed' });
    return true;
  }

  /** The signal of the client's step aborts. */
  abort(client: Client): void {
    client.aborted = true;
    const { waiting } = client;
    if (waiting === null) return;
    const at = waiting.cases.findIndex(({ kind }) => kind === 'done');
    // The case was told first, for it began first.
    if (at >= 0) this.grant({ by: waiting, at }, { at });
    else if (waiting.hasSignal) this.grant({ by: waiting, at: 0 }, { fails: 'aborted' });
  }

  cancel(client: Client): void {
    if (client.over || client.cancelled) return;
    client.cancelled = true;
    if (client.waiting === null) return;
    this.leave(client.waiting);
    client.closing = true;
    this.ready.push(client);
  }

  /** When the next time comes for which somebody waits. */
  nextDueMs(): number {
    return Math.min(
      ...this.clients.flatMap(({ waiting }) =>
        waiting === null ? [] : waiting.cases.map((each) => (each.kind === 'after' ? each.dueMs : Infinity)),
      ),
    );
  }

  /** The clock is moved to the next time for which somebody waits. */
  expire(): void {
    const dueMs = this.nextDueMs();
    this.nowMs = dueMs;
    for (const { waiting } of this.clients) {
      if (waiting === null) continue;
      const at = waiting.cases.findIndex((each) => each.kind === 'after' && each.dueMs === dueMs);
      if (at >= 0) this.grant({ by: waiting, at }, { at });
    }
  }

  isTaken(dueMs: number): boolean {
    return this.clients.some(
      ({ waiting }) =>
        waiting !== null && waiting.cases.some((each) => each.kind === 'after' && each.dueMs === dueMs),
    );
  }

  private isReady(client: Client, each: ModelCase): boolean {
    if (each.kind === 'after') return each.dueMs <= this.nowMs;
    if (each.kind === 'done') return client.aborted;
    const chan = this.chans[each.chan];
    if (chan === undefined) return false;
    if (chan.closed) return true;
    if (each.kind === 'from') return chan.buffer.length > 0 || chan.senders.length > 0;
    return chan.buffer.length < chan.cap || chan.receivers.length > 0;
  }

  private receive(chan: ModelChan, at: number): ModelOutcome {
    const sender = chan.senders[0];
    if (chan.buffer.length > 0) {
      const value = chan.buffer.shift();
      if (sender !== undefined) {
        chan.buffer.push(this.valueOf(sender));
        this.grant(sender, { at: sender.at });
      }
      return { at, value, ok: true };
    }
    if (sender === undefined) return { at, value: undefined, ok: false };
    const value = this.valueOf(sender);
    this.grant(sender, { at: sender.at });
    return { at, value, ok: true };
  }

  private send(chan: ModelChan, at: number, value: number): ModelOutcome {
    if (chan.closed) return { fails: 'closed' };
    const receiver = chan.receivers[0];
    if (receiver === undefined) chan.buffer.push(value);
    else this.grant(receiver, { at: receiver.at, value, ok: true });
    return { at };
  }

  private valueOf({ by, at }: Entry): number {
    return (by.cases[at] as { readonly value: number }).value;
  }

  private grant({ by }: Entry, outcome: ModelOutcome): void {
    this.leave(by);
    by.client.outcome = outcome;
    this.ready.push(by.client);
  }

  private leave(waiting: Waiting): void {
    waiting.client.waiting = null;
    for (const chan of this.chans) {
      chan.receivers = chan.receivers.filter(({ by }) => by !== waiting);
      chan.senders = chan.senders.filter(({ by }) => by !== waiting);
    }
  }
}
