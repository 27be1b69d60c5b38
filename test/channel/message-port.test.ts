import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MessageChannel, MessagePort } from '../../src/channel/message-port.js';
import type { MessageEvent } from '../../src/channel/message-event.js';
import { EventTarget } from '../../src/core/event-target.js';
import { structuredClone } from '../../src/codec/clone.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';

let host: VirtualHost;
let uninstall: () => void;

beforeEach(() => {
  host = createVirtualHost();
  uninstall = host.install();
});

afterEach(() => {
  host.assertClean();
  uninstall();
});

/** Writes what a port hears into the log. */
function hear(port: MessagePort, name: string): void {
  port.onmessage = (event) => host.note(`${name}:${JSON.stringify(event.data)}`);
  port.onclose = () => host.note(`${name} closed`);
}

async function heard(): Promise<string[]> {
  await host.runUntilIdle();
  return host.takeLog();
}

describe('delivery', () => {
  it('is a task, never inside postMessage, and keeps the order', async () => {
    const { port1, port2 } = new MessageChannel();
    hear(port2, 'b');
    port1.postMessage(1);
    port1.postMessage({ n: 2 });
    expect(host.takeLog()).toEqual([]);
    expect(await heard()).toEqual(['b:1', 'b:{"n":2}']);
  });

  it('keeps the order across ports', async () => {
    const [x, y] = [new MessageChannel(), new MessageChannel()];
    hear(x.port2, 'x');
    hear(y.port2, 'y');
    x.port1.postMessage(1);
    y.port1.postMessage(2);
    x.port1.postMessage(3);
    expect(await heard()).toEqual(['x:1', 'y:2', 'x:3']);
  });

  it('waits for start() where a listener was added without onmessage', async () => {
    const { port1, port2 } = new MessageChannel();
    port2.addEventListener('message', (event) => host.note(String((event as MessageEvent).data)));
    port1.postMessage('early');
    expect(await heard()).toEqual([]);
    port2.start();
    expect(await heard()).toEqual(['early']);
  });

  it('lets promise jobs of one message run before the next', async () => {
    const { port1, port2 } = new MessageChannel();
    port2.onmessage = async (event) => {
      host.note(`message ${String(event.data)}`);
      await Promise.resolve();
      host.note(`after ${String(event.data)}`);
    };
    port1.postMessage(1);
    port1.postMessage(2);
    expect(await heard()).toEqual(['message 1', 'after 1', 'message 2', 'after 2']);
  });

  it('gives a snapshot: what the sender changes later is not seen', async () => {
    const { port1, port2 } = new MessageChannel();
    hear(port2, 'b');
    const value = { n: 1 };
    port1.postMessage(value);
    value.n = 2;
    expect(await heard()).toEqual(['b:{"n":1}']);
  });

  it('gives undefined as undefined, and own __proto__ keys as data', async () => {
    const { port1, port2 } = new MessageChannel();
    const got: unknown[] = [];
    port2.onmessage = ({ data }) => got.push(data);
    port1.postMessage(undefined);
    port1.postMessage(JSON.parse('{"__proto__":{"polluted":1}}'));
    await heard();
    expect(got[0]).toBe(undefined);
    expect(Object.keys(got[1] as object)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(got[1])).toBe(Object.prototype);
  });

  it('reports what a listener throws and delivers the next message', async () => {
    const { port1, port2 } = new MessageChannel();
    port2.onmessage = (event) => {
      if (event.data === 1) throw new Error('listener');
      host.note('second');
    };
    port1.postMessage(1);
    port1.postMessage(2);
    expect(await heard()).toEqual(['second']);
    expect(host.takeErrors()).toEqual([new Error('listener')]);
  });
});

describe('transfer', () => {
  it('moves a port with its backlog; the old object is dead', async () => {
    const [carrier, moved] = [new MessageChannel(), new MessageChannel()];
    moved.port1.postMessage('waiting');
    carrier.port2.onmessage = (event) => {
      const [port] = event.ports as MessagePort[];
      expect(event.data).toEqual({ port });
      hear(port as MessagePort, 'moved');
    };
    carrier.port1.postMessage({ port: moved.port2 }, [moved.port2]);
    moved.port1.postMessage('after');
    moved.port2.postMessage('from the dead');
    moved.port2.start();
    expect(await heard()).toEqual(['moved:"waiting"', 'moved:"after"']);
    expect(() => carrier.port1.postMessage(null, [moved.port2])).toThrow(/detached/);
  });

  it('moves a port whose queue was open, and delivers nothing to the old listener', async () => {
    const [carrier, moved] = [new MessageChannel(), new MessageChannel()];
    hear(moved.port2, 'old');
    moved.port1.postMessage(1);
    carrier.port1.postMessage(null, { transfer: [moved.port2] });
    carrier.port2.onmessage = (event) => hear(event.ports[0] as MessagePort, 'new');
    expect(await heard()).toEqual(['new:1']);
  });

  it('moves an ArrayBuffer and detaches it here', async () => {
    const { port1, port2 } = new MessageChannel();
    port2.onmessage = (event) => host.note(String(new Uint8Array(event.data as ArrayBuffer)));
    const buffer = new Uint8Array([1, 2, 3]).buffer;
    port1.postMessage(buffer, [buffer]);
    expect(await heard()).toEqual(['1,2,3']);
  });

  it('refuses what cannot be moved, and detaches nothing then', () => {
    const { port1, port2 } = new MessageChannel();
    const other = new MessageChannel();
    const refused = expect.objectContaining({ name: 'DataCloneError' }) as Error;
    expect(() => port1.postMessage(null, [port1])).toThrow(refused);
    expect(() => port1.postMessage(null, [other.port1, other.port1])).toThrow(refused);
    expect(() => port1.postMessage(null, [{}])).toThrow(refused);
    expect(() => port1.postMessage({ f: () => 1 }, [other.port1])).toThrow(/value\.f/);
    expect(() => port1.postMessage({ port: other.port1 })).toThrow(refused);
    expect(() => port1.postMessage(null, 5 as never)).toThrow(TypeError);
    expect(() => port1.postMessage(null, [5] as never)).toThrow(TypeError);
    port2.postMessage(other.port1, [other.port1]);
  });

  it('finds that a port is dead after the value was read, as the standard orders it, and detaches nothing', async () => {
    const { port1 } = new MessageChannel();
    const dead = new MessageChannel().port1;
    const buffer = new ArrayBuffer(1);
    dead.close();
    const thrown = new Error('from the getter');
    const throwing = {
      get now(): never {
        throw thrown;
      },
    };
    expect(() => port1.postMessage(throwing, [dead])).toThrow(thrown);
    expect(() => port1.postMessage(null, [buffer, dead])).toThrow(
      expect.objectContaining({ name: 'DataCloneError' }) as Error,
    );
    expect(buffer.byteLength).toBe(1);
    await host.runUntilIdle();
  });

  it('loses a message that carries the port it is sent to, as the standard has it', async () => {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage('gone', [port2]);
    expect(await heard()).toEqual([]);
  });

  it('structuredClone moves a port', async () => {
    const { port1, port2 } = new MessageChannel();
    const moved = structuredClone(port2, { transfer: [port2] });
    expect(moved).not.toBe(port2);
    hear(moved, 'moved');
    port1.postMessage(1);
    expect(await heard()).toEqual(['moved:1']);
  });
});

describe('close', () => {
  it('is told once at the other end, after what was posted before it', async () => {
    const { port1, port2 } = new MessageChannel();
    hear(port1, 'a');
    hear(port2, 'b');
    port1.postMessage(1);
    port1.close();
    port1.close();
    port1.postMessage('lost');
    expect(await heard()).toEqual(['b:1', 'b closed']);
  });

  it('needs no start() where nothing waits', async () => {
    const { port1, port2 } = new MessageChannel();
    port2.addEventListener('close', () => host.note('closed'));
    port1.close();
    expect(await heard()).toEqual(['closed']);
  });

  it('waits for the messages ahead of it', async () => {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(1);
    port1.close();
    expect(await heard()).toEqual([]);
    hear(port2, 'b');
    expect(await heard()).toEqual(['b:1', 'b closed']);
  });

  it('drops what waits at the closing end', async () => {
    const { port1, port2 } = new MessageChannel();
    hear(port2, 'b');
    port1.postMessage(1);
    port2.close();
    expect(await heard()).toEqual([]);
  });

  it('closes ports that sit in a dropped message', async () => {
    const [carrier, inner] = [new MessageChannel(), new MessageChannel()];
    hear(inner.port1, 'inner');
    carrier.port1.postMessage(null, [inner.port2]);
    carrier.port2.close();
    expect(await heard()).toEqual(['inner closed']);
  });

  it('reaches a port that was moved after its other end had closed', async () => {
    const [carrier, moved] = [new MessageChannel(), new MessageChannel()];
    moved.port1.close();
    carrier.port1.postMessage(null, [moved.port2]);
    carrier.port2.onmessage = (event) => hear(event.ports[0] as MessagePort, 'moved');
    expect(await heard()).toEqual(['moved closed']);
  });
});

describe('shape', () => {
  it('cannot be constructed, and refuses another this', () => {
    expect(() => new MessagePort()).toThrow(TypeError);
    const { port1 } = new MessageChannel();
    expect(() => Reflect.apply(port1.postMessage, {}, [1])).toThrow(TypeError);
    expect(() => (port1 as unknown as { postMessage(): void }).postMessage()).toThrow(TypeError);
    expect(Object.prototype.toString.call(port1)).toBe('[object MessagePort]');
    expect(new MessageChannel().port1).toBeInstanceOf(MessagePort);
  });

  it('keeps one handler an attribute, and null where it is no function', () => {
    const { port1 } = new MessageChannel();
    const handler = vi.fn();
    port1.onmessage = handler;
    expect(port1.onmessage).toBe(handler);
    port1.onmessage = 5 as never;
    expect(port1.onmessage).toBeNull();
  });
});

describe('the event of a message', () => {
  it('is trusted, and no longer so when somebody else dispatches it', async () => {
    const { port1, port2 } = new MessageChannel();
    const seen: [boolean, PropertyDescriptor | undefined][] = [];
    const event = await new Promise<MessageEvent>((resolve) => {
      port2.onmessage = (got) => {
        seen.push([got.isTrusted, undefined]);
        resolve(got);
      };
      port1.postMessage(1);
      void host.runUntilIdle();
    });
    const target = new EventTarget();
    target.addEventListener('message', (got) =>
      seen.push([got.isTrusted, Object.getOwnPropertyDescriptor(got, 'isTrusted')]),
    );
    target.dispatchEvent(event);
    expect(seen).toMatchObject([
      [true, undefined],
      [false, { configurable: false, set: undefined }],
    ]);
  });
});
