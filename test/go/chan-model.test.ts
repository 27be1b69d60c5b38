/**
 * Random programs over channels and select, in lockstep with a sequential model: each step of each routine must come to what
 * the model says, in the order that the model says, and after each command the queues must be as long as the model's.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Chan, after, done, from, go, select, to } from '../../src/go.js';
import type { Operation, Routine } from '../../src/go.js';
import { AbortController } from '../../src/scheduler.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';
import { runs, timeoutMs } from '../deep/scale.js';
import { ChanModel } from './chan-model.js';
import type { Client, ModelCase, ModelOutcome } from './chan-model.js';

type CaseKind = 'from' | 'to' | 'after' | 'done';
interface GivenCase {
  readonly kind: CaseKind;
  readonly chan: number;
  readonly delayMs: number;
}
interface Step {
  readonly op: 'send' | 'recv' | 'select' | 'close' | 'trySend' | 'tryRecv' | 'yield';
  readonly chan: number;
  readonly cases: readonly GivenCase[];
  readonly hasDefault: boolean;
  readonly hasSignal: boolean;
  readonly delegates: boolean;
}
type Command =
  | { readonly do: 'start'; readonly steps: readonly Step[]; readonly last: Step | null }
  | { readonly do: 'cancel' | 'abort'; readonly client: number }
  | { readonly do: 'idle' | 'turn' | 'expire' }
  | { readonly do: 'close' | 'trySend' | 'tryRecv'; readonly chan: number };

interface Internals {
  readonly receivers: { readonly length: number };
  readonly senders: { readonly length: number };
}

/** One program on the library and on the model. */
class Lockstep {
  private readonly chans: Chan<number>[];
  private readonly model: ChanModel;
  private readonly routines: Routine[] = [];
  private readonly controllers: AbortController[] = [];
  private nextValue = 0;

  constructor(
    private readonly host: VirtualHost,
    capacities: readonly number[],
  ) {
    this.chans = capacities.map((capacity) => new Chan<number>(capacity));
    this.model = new ChanModel(capacities);
  }

  perform(command: Command): void {
    const { model } = this;
    switch (command.do) {
      case 'start':
        this.start(command.steps, command.last);
        break;
      case 'cancel':
      case 'abort': {
        const client = model.clients[command.client % Math.max(1, model.clients.length)];
        if (client !== undefined) this.end(client, command.do);
        break;
      }
      case 'idle':
        this.idle();
        break;
      case 'turn':
        this.host.runTurnSync();
        break;
      case 'expire':
        this.idle();
        if (model.nextDueMs() < Infinity) {
          const nowMs = model.nowMs;
          model.expire();
          this.host.advanceSync(model.nowMs - nowMs);
        }
        break;
      default:
        this.sync(command.do, command.chan);
    }
    this.compare();
  }

  /** Runs what is ready, without moving the clock. */
  idle(): void {
    this.host.advanceSync(0);
    expect(this.model.ready.filter((client) => this.hasCode(client))).toEqual([]);
  }

  private compare(): void {
    const seen = this.chans.map((chan) => {
      const { receivers, senders } = chan as unknown as Internals;
      return [chan.len, chan.closed, receivers.length, senders.length];
    });
    expect(seen).toEqual(
      this.model.chans.map(({ buffer, closed, receivers, senders }) => [
        buffer.length,
        closed,
        receivers.length,
        senders.length,
      ]),
    );
  }

  private start(steps: readonly Step[], last: Step | null): void {
    const client = this.model.start();
    this.controllers.push(new AbortController());
    const clientSteps = this.clientSteps.bind(this);
    this.routines.push(
      go(function* () {
        yield* clientSteps(client, steps, last);
      }),
    );
  }

  private end(client: Client, how: 'cancel' | 'abort'): void {
    if (how === 'abort') {
      this.model.abort(client);
      this.controllers[client.id]?.abort('aborted');
    } else {
      this.model.cancel(client);
      this.routines[client.id]?.cancel('cancelled');
    }
  }

  private *clientSteps(
    client: Client,
    steps: readonly Step[],
    last: Step | null,
  ): Generator<unknown, void, unknown> {
    this.resume(client);
    client.started = true;
    let isOver = false;
    try {
      for (const step of steps) yield* this.step(client, step);
      isOver = true;
    } catch (error) {
      isOver = true;
      throw error;
    } finally {
      if (!isOver) {
        expect(client.cancelled).toBe(true);
        // Closed where it waited: in a turn of its own. Otherwise in the middle of one.
        if (client.closing) this.resume(client);
        client.closing = true;
        if (last !== null) yield* this.step(client, last);
      }
      client.over = true;
    }
  }

  /** It is this client's turn. */
  private resume(client: Client): void {
    const { model } = this;
    let next = model.ready.shift();
    while (next !== undefined && !this.hasCode(next)) next = model.ready.shift();
    expect(next?.id, 'whose turn it is').toBe(client.id);
  }

  /** One that was cancelled before it began runs nothing in its turn. */
  private hasCode({ started, cancelled }: Client): boolean {
    return started || !cancelled;
  }

  private *step(client: Client, step: Step): Generator<unknown, void, unknown> {
    if (step.op === 'close' || step.op === 'trySend' || step.op === 'tryRecv')
      return this.sync(step.op, step.chan);
    const controller = (this.controllers[client.id] = new AbortController());
    client.aborted = false;
    if (step.op === 'yield') {
      if (!this.mustClose(client)) this.model.ready.push(client);
      yield;
      this.resume(client);
      return;
    }
    const cases = this.casesOf(step);
    const operation = this.begin(step, cases, controller);
    const expected = this.expect(client, step, cases);
    let seen: unknown;
    try {
      seen = step.delegates ? yield* operation : yield operation;
    } catch (error) {
      seen = { fails: error === 'aborted' ? 'aborted' : 'closed' };
      if (error !== 'aborted') expect(error).toMatchObject({ code: 'ERR_CHAN_CLOSED' });
    }
    expect(this.mustClose(client) && expected === null && client.outcome === null).toBe(false);
    if (expected === null) {
      this.resume(client);
      expect(seen).toEqual(this.shown(step, client.outcome as ModelOutcome));
      client.outcome = null;
    } else this.check(client, step, cases, expected, seen);
  }

  private mustClose({ cancelled, closing }: Client): boolean {
    return cancelled && !closing;
  }

  private casesOf(step: Step): ModelCase[] {
    if (step.op === 'send') return [{ kind: 'to', chan: step.chan, value: this.nextValue++ }];
    if (step.op === 'recv') return [{ kind: 'from', chan: step.chan }];
    const dues = new Set<number>();
    const used = new Set<string>();
    return step.cases.map(({ kind, chan: given, delayMs }): ModelCase => {
      // Of two that wait for one channel either may be first; `chance.test.ts` is about these.
      const name = kind === 'done' ? kind : `${kind} ${given}`;
      const isNew = !used.has(name);
      const chan = isNew ? given : -1;
      used.add(name);
      if (kind === 'to') return { kind, chan, value: this.nextValue++ };
      if (kind === 'from') return { kind, chan };
      if (kind === 'done') return isNew ? { kind } : { kind: 'from', chan };
      // No two times are the same, so that it is clear who wakes first.
      let dueMs = this.model.nowMs + delayMs;
      while (dues.has(dueMs) || this.model.isTaken(dueMs)) dueMs++;
      dues.add(dueMs);
      return { kind, dueMs };
    });
  }

  private begin(step: Step, cases: readonly ModelCase[], { signal }: AbortController): Operation<unknown> {
    const options = step.hasSignal ? { signal } : undefined;
    const chan = this.chans[step.chan] as Chan<number>;
    if (step.op === 'send') return chan.send((cases[0] as { value: number }).value, options);
    if (step.op === 'recv') return chan.recv(options);
    const given = cases.map((each) => {
      if (each.kind === 'after') return after(each.dueMs - this.model.nowMs);
      if (each.kind === 'done') return done(signal);
      const on = this.chans[each.chan] ?? null;
      return each.kind === 'from' ? from(on) : to(on, each.value);
    });
    return select(Object.fromEntries(given.map((each, at) => [String(at), each])), {
      ...options,
      default: step.hasDefault,
    } as { signal?: AbortSignal });
  }

  /** What may come of a step at once, by the model; `null` where it waits, or where the routine is to be closed. */
  private expect(client: Client, step: Step, cases: readonly ModelCase[]): number[] | null {
    if (this.mustClose(client)) return null;
    const ready = this.model.readyCases(client, cases);
    if (ready.length > 0 || (step.op === 'select' && step.hasDefault)) return ready;
    this.model.wait(client, cases, step.hasSignal);
    return null;
  }

  private check(
    client: Client,
    step: Step,
    cases: readonly ModelCase[],
    ready: readonly number[],
    seen: unknown,
  ): void {
    if (ready.length === 0) return expect(seen).toEqual({ case: 'default' });
    const { case: name, fails } = (seen ?? {}) as { readonly case?: string; readonly fails?: string };
    // Of a select that fails nobody says which case it was: one whose channel is closed.
    const chosen = name !== undefined ? Number(name) : ready.find((at) => this.failsAt(cases[at], fails));
    expect(ready).toContain(chosen);
    expect(seen).toEqual(this.shown(step, this.model.happen(client, cases, chosen as number)));
  }

  private failsAt(each: ModelCase | undefined, fails: string | undefined): boolean {
    return fails === undefined || (each?.kind === 'to' && this.model.chans[each.chan]?.closed === true);
  }

  private shown(step: Step, outcome: ModelOutcome): unknown {
    if ('fails' in outcome) return outcome;
    const { at, ok } = outcome;
    if (step.op === 'send') return undefined;
    const received = ok === undefined ? {} : { value: outcome.value, ok };
    return step.op === 'recv' ? received : expect.objectContaining({ case: String(at), ...received });
  }

  private sync(op: 'close' | 'trySend' | 'tryRecv', at: number): void {
    const chan = this.chans[at] as Chan<number>;
    const { model } = this;
    const nobody = { aborted: false } as Client;
    if (op === 'close') {
      const worked = model.close(at);
      if (worked) chan.close();
      else expect(() => chan.close()).toThrow();
      return;
    }
    const value = this.nextValue++;
    const cases: ModelCase[] = [
      op === 'trySend' ? { kind: 'to', chan: at, value } : { kind: 'from', chan: at },
    ];
    const isReady = model.readyCases(nobody, cases).length > 0;
    const outcome = isReady ? model.happen(nobody, cases, 0) : null;
    if (op === 'tryRecv') {
      const { value: got, ok } = (outcome ?? {}) as { value?: number; ok?: boolean };
      expect(chan.tryRecv()).toEqual(outcome === null ? undefined : { value: got, ok });
    } else if (outcome !== null && 'fails' in outcome) expect(() => chan.trySend(value)).toThrow();
    else expect(chan.trySend(value)).toBe(isReady);
  }
}

const chans = 3;
const someChan = fc.nat(chans - 1);
const someCase: fc.Arbitrary<GivenCase> = fc.record({
  kind: fc.constantFrom<CaseKind>('from', 'from', 'from', 'to', 'to', 'to', 'after', 'done'),
  chan: fc.integer({ min: -1, max: chans - 1 }),
  delayMs: fc.integer({ min: 1, max: 9 }),
});
const someStep: fc.Arbitrary<Step> = fc.record({
  op: fc.constantFrom<Step['op']>(
    ...([
      'send',
      'send',
      'recv',
      'recv',
      'select',
      'select',
      'select',
      'trySend',
      'tryRecv',
      'yield',
    ] as const),
  ),
  chan: someChan,
  cases: fc.array(someCase, { maxLength: 4 }),
  hasDefault: fc.boolean(),
  hasSignal: fc.boolean(),
  delegates: fc.boolean(),
});
const someCommand: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('start' as const),
      steps: fc.array(someStep, { maxLength: 5 }),
      last: fc.option(someStep),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'abort' as const), client: fc.nat(12) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('idle' as const, 'turn' as const, 'expire' as const) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('trySend' as const, 'tryRecv' as const), chan: someChan }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), chan: someChan }) },
);

describe('channels and select', () => {
  it(
    'do what the model says, step by step, whatever is cancelled, aborted and closed',
    () => {
      fc.assert(
        fc.property(
          fc.array(fc.integer({ min: 0, max: 3 }), { minLength: chans, maxLength: chans }),
          fc.array(someCommand, { minLength: 4, maxLength: 30 }),
          (capacities, commands) => {
            const host = createVirtualHost();
            const uninstall = host.install();
            try {
              const program = new Lockstep(host, capacities);
              for (const command of commands) program.perform(command);
              program.idle();
              const errors = host.takeErrors() as { readonly cause?: unknown }[];
              if (errors[0] !== undefined) throw errors[0].cause ?? errors[0];
            } finally {
              uninstall();
            }
          },
        ),
        runs(500, 10_000),
      );
    },
    timeoutMs,
  );
});
