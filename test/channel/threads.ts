/**
 * Three threads with links between them, ports that wander, and the record of what was posted and heard: what a random
 * history acts on.
 *
 * What must always hold is checked as it happens: a port hears the messages of its other end from the first on, in order,
 * each once; `close` comes at most once, after the last message, and never to a port that was closed by its own side.
 */
import { expect } from 'vitest';
import type { PipePairOptions } from '../../src/adapters/pipe-pair.js';
import type { MessageEvent } from '../../src/channel/message-event.js';
import { MessageChannel } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
import { structuredClone } from '../../src/codec/clone.js';
import type { VirtualHost } from '../../src/testing.js';
import { LinkedEnd } from './linked-end.js';
import { createWire } from './wire.js';
import type { Wire } from './wire.js';

/** What the receiver of a message does in its listener. */
export type Reaction = 'nothing' | 'echo' | 'bounce' | 'forward' | 'close' | 'leave';

interface Message {
  readonly end: number;
  readonly n: number;
  /** The ends that the message brings, in the order of its ports. */
  readonly brings: readonly number[];
  readonly reaction: Reaction;
  readonly costMs: number;
}

/** A link between two threads. */
export interface Line {
  readonly threads: readonly [number, number];
  readonly wire: Wire;
  readonly ends: readonly [LinkedEnd, LinkedEnd];
  broken: boolean;
}

/**
 * - `held`: a port of `thread` that the test has in hand
 * - `flying`: in a message that nobody has heard
 * - `closed`: by its own side
 * - `dropped`: the test has let go of it without closing it
 */
export type EndState = 'held' | 'flying' | 'closed' | 'dropped';

/** One end of a channel. */
export interface End {
  readonly id: number;
  readonly channel: Channel;
  port: MessagePort;
  thread: number;
  state: EndState;
  started: boolean;
  sent: number;
  heard: number;
  closes: number;
  /** Where the message that took it away was posted to. */
  goal: End | Line | null;
}

/** A pair of ends. */
export interface Channel {
  readonly ends: End[];
  /** Lines that it may cross, and channels that carried an end of it, over whatever lines these cross. */
  readonly carriers: Set<Channel | Line>;
}

/** The threads, and all that happened on them. */
export class Threads {
  readonly ends: End[] = [];
  readonly channels: Channel[] = [];
  /** Every line that there was; those in use are the last for their two threads. */
  readonly lines: Line[] = [];

  constructor(
    readonly host: VirtualHost,
    pairs: readonly (readonly [number, number])[],
    private readonly options: readonly PipePairOptions[],
  ) {
    pairs.forEach((threads, at) => this.connect(threads, options[at]));
  }

  connect(threads: readonly [number, number], options: PipePairOptions = {}): void {
    const wire = createWire(options);
    const ends = [new LinkedEnd(wire.a), new LinkedEnd(wire.b, false)] as const;
    const line: Line = { threads, wire, ends, broken: false };
    ends.forEach((end, side) => {
      end.heard = ({ data, ports }) => this.arrive(threads[side] as number, data as Message, ports, null);
      end.unreadable = (error) => expect.unreachable(`unreadable: ${String(error)}`);
    });
    this.lines.push(line);
  }

  /** Puts a new line in the place of a broken one. */
  reconnect(line: Line): void {
    const isUsed = this.lines.some((other) => !other.broken && other.threads === line.threads);
    if (line.broken && !isUsed) this.connect(line.threads, this.options[0]);
  }

  open(thread: number): void {
    const { port1, port2 } = new MessageChannel();
    const channel: Channel = { ends: [], carriers: new Set() };
    for (const port of [port1, port2]) {
      const end: End = {
        ...{ id: this.ends.length, channel, port, thread, state: 'held', started: false },
        ...{ sent: 0, heard: 0, closes: 0, goal: null },
      };
      this.ends.push(end);
      channel.ends.push(end);
      this.listen(end);
    }
    this.channels.push(channel);
  }

  otherOf({ id }: End): End {
    return this.ends[id ^ 1] as End;
  }

  /** Posts from `end`; of `wanted`, what can travel with it does. */
  post(end: End, wanted: readonly End[], reaction: Reaction = 'nothing', costMs = 0): void {
    const goal = this.otherOf(end);
    const brought = wanted.filter(
      (one) => one !== end && this.isMovable(one, end.thread) && !this.wouldChase(one, goal),
    );
    const message = this.message(end, brought, reaction, costMs);
    end.port.postMessage(
      message,
      brought.map(({ port }) => port),
    );
    this.take(brought, goal, end.channel);
  }

  /** Posts through the implicit port of `line` at one side. */
  postToRoot(line: Line, side: 0 | 1, wanted: readonly End[]): void {
    const brought = wanted.filter((one) => this.isMovable(one, line.threads[side]));
    line.ends[side].post(
      this.message(null, brought, 'nothing', 0),
      brought.map(({ port }) => port),
    );
    this.take(brought, line, line);
  }

  start(end: End): void {
    end.started = true;
    end.port.start();
  }

  close(end: End): void {
    end.state = 'closed';
    end.port.close();
  }

  /** Moves the port to a successor of the same thread. */
  move(end: End): void {
    if (!this.isMovable(end, end.thread)) return;
    end.port = structuredClone(end.port, { transfer: [end.port] });
    end.started = false;
    this.listen(end);
  }

  break(line: Line, how: 'cut' | 'bye', side: 0 | 1): void {
    if (line.broken) return;
    line.broken = true;
    if (how === 'cut') line.wire.cut();
    else line.ends[side].link.close();
  }

  /** Lets the oldest message of one direction arrive. */
  deliver(line: Line, side: 0 | 1): void {
    line.wire.ways[side].shift()?.();
  }

  /** Lets everything arrive and be heard. */
  settle(): void {
    this.host.runUntilIdleSync();
    const ways = this.lines.flatMap(({ wire }) => wire.ways);
    for (let way = ways.find(isBusy); way !== undefined; way = ways.find(isBusy)) {
      way.shift()?.();
      this.host.runUntilIdleSync();
    }
  }

  held(): End[] {
    return this.ends.filter(({ state }) => state === 'held');
  }

  /** Whether `end` can be transferred by code of `thread`: what was closed or heard `close` cannot. */
  private isMovable({ state, closes, thread }: End, at: number): boolean {
    return state === 'held' && closes === 0 && thread === at;
  }

  /**
   * Whether `end`, sent to `goal`, would be on its way to itself. Over ports that left their thread it never rests: see the
   * test in `moves.test.ts` that is known to fail. Within a thread the standard drops the message, or it waits unseen.
   */
  private wouldChase(end: End, goal: End): boolean {
    if (end === goal) return true;
    let hasLeft = end.channel.carriers.size > 0;
    for (let at: End | Line | null = goal; at !== null && 'channel' in at; at = at.goal) {
      if (at === end) return hasLeft;
      hasLeft ||= at.channel.carriers.size > 0;
    }
    return false;
  }

  private message(from: End | null, brought: readonly End[], reaction: Reaction, costMs: number): Message {
    const n = from === null ? 0 : from.sent++;
    return { end: from === null ? -1 : from.id, n, brings: brought.map(({ id }) => id), reaction, costMs };
  }

  private take(brought: readonly End[], goal: End | Line, carrier: Channel | Line): void {
    for (const end of brought) {
      Object.assign(end, { state: 'flying', started: false, goal });
      end.channel.carriers.add(carrier);
    }
  }

  private listen(end: End): void {
    const { port } = end;
    port.addEventListener('message', ({ data, ports }: MessageEvent<Message, MessagePort>) => {
      expect([port === end.port, end.state === 'held' || end.state === 'dropped', end.closes]).toEqual([
        true,
        true,
        0,
      ]);
      expect([data.end, data.n]).toEqual([this.otherOf(end).id, end.heard++]);
      this.arrive(end.thread, data, ports, end);
    });
    port.addEventListener('messageerror', () => expect.unreachable('a message that cannot be read'));
    port.addEventListener('close', () => {
      expect([port === end.port, end.state === 'held' || end.state === 'dropped', end.closes++]).toEqual([
        true,
        true,
        0,
      ]);
    });
  }

  private arrive(thread: number, message: Message, ports: readonly MessagePort[], by: End | null): void {
    const brought = message.brings.map((id) => this.ends[id] as End);
    expect(ports.length).toBe(brought.length);
    brought.forEach((end, at) => {
      expect(end.state).toBe('flying');
      Object.assign(end, { port: ports[at], thread, state: 'held', goal: null });
      this.listen(end);
    });
    this.host.costMs(message.costMs);
    if (by !== null && by.state === 'held') this.react(by, brought, message.reaction);
  }

  private react(end: End, brought: readonly End[], reaction: Reaction): void {
    const { thread } = end;
    const line = this.lines.find(({ threads, broken }) => !broken && threads.includes(thread));
    switch (reaction) {
      case 'echo':
        return this.post(end, []);
      case 'bounce':
        return this.post(end, brought);
      case 'forward':
        if (line !== undefined) this.postToRoot(line, line.threads[0] === thread ? 0 : 1, brought);
        return;
      case 'leave':
        if (line !== undefined) this.postToRoot(line, line.threads[0] === thread ? 0 : 1, [end]);
        return;
      case 'close':
        return this.close(end);
      case 'nothing':
        return;
    }
  }
}

function isBusy(way: readonly unknown[]): boolean {
  return way.length > 0;
}
