/** A control message that arrived: an item somewhere in an array that was parsed. */
import { decode } from '../codec/decode.js';
import { jsonOf } from '../codec/json.js';
import { itemLength, toForeign } from './control-form.js';
import type { ControlParcel } from './control-form.js';
import type { EncodedMessage } from './entangled.js';
import { broken, maxHops } from './message.js';
import type { PortTraits } from './message.js';
import { Arrived } from './message-event.js';
import type { PortMessageQueue } from './port-message-queue.js';

const none: readonly never[] = [];

/** What came beside the item, where something did. */
export interface Beside {
  readonly buffers: readonly ArrayBuffer[];
  readonly queues: readonly PortMessageQueue[];
  readonly traits: PortTraits;
  /** To be called when the message is taken, where its sender asked for that. */
  taken: (() => void) | null;
  readonly hops: number;
}

/** An item; its fields are read where they lie, for of a thousand calls each would cost an array. */
export class ControlMessage implements ControlParcel {
  /** See `core/task.ts`. */
  static readonly kept = new ControlMessage('', none, 0, null);

  readonly isControl = true;

  constructor(
    readonly session: string,
    private readonly fields: readonly unknown[],
    private readonly at: number,
    private readonly beside: Beside | null,
  ) {}

  get op(): unknown {
    return this.fields[this.at];
  }

  get first(): unknown {
    return this.fields[this.at + 1];
  }

  get second(): unknown {
    return this.fields[this.at + 2];
  }

  get third(): unknown {
    return this.fields[this.at + 3];
  }

  get fourth(): unknown {
    return this.fields[this.at + 4];
  }

  accept(): void {
    const { beside } = this;
    if (beside === null || beside.taken === null) return;
    const { taken } = beside;
    beside.taken = null;
    taken();
  }

  openBody(): unknown {
    const body = this.fields[this.at + 5];
    const { beside } = this;
    if (beside === null) return decode(body, none);
    return beside.queues.length === 0
      ? decode(body, beside.buffers)
      : decode(body, beside.buffers, { ports: createPorts(beside) });
  }

  /** What it is to somebody else's port. */
  open(): Arrived {
    this.accept();
    const { beside } = this;
    const text = `["${this.session}",${this.text()}]`;
    if (beside === null) return new Arrived(toForeign(text, none), none);
    return new Arrived(toForeign(text, beside.buffers), Object.freeze(createPorts(beside)));
  }

  encode(): EncodedMessage {
    const { session, beside } = this;
    const item = this.text();
    if (beside === null) return new PlainItem(session, item);
    const { buffers, queues, taken, hops } = beside;
    if (hops >= maxHops) {
      this.dispose();
      return broken;
    }
    return { session, item, buffers, sides: queues, taken, hops: hops + 1 };
  }

  dispose(): void {
    const { beside } = this;
    if (beside === null) return;
    for (const queue of beside.queues) queue.close();
    this.accept();
  }

  private text(): string {
    return this.fields
      .slice(this.at, this.at + itemLength)
      .map((field) => jsonOf(field))
      .join(',');
  }
}

/** An item that is sent on. */
class PlainItem implements EncodedMessage {
  readonly buffers = none;

  constructor(
    readonly session: string,
    readonly item: string,
  ) {}
}

function createPorts({ queues, traits }: Beside): object[] {
  return queues.map((queue) => {
    const port = traits.createDetached();
    traits.attach(port, queue);
    return port;
  });
}
