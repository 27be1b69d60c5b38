import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Link } from '../../src/channel/link.js';
import { MessageChannel, portTraits, postThrough } from '../../src/channel/message-port.js';
import type { MessagePort } from '../../src/channel/message-port.js';
import { deliverTo } from '../../src/channel/message-target.js';
import type { MessageEvent } from '../../src/channel/message-event.js';
import { protocolVersion } from '../../src/channel/protocol.js';
import { EventTarget } from '../../src/core/event-target.js';
import { createPipePair, createVirtualHost } from '../../src/testing.js';
import type { PipePair, PipePairOptions, VirtualHost } from '../../src/testing.js';

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

/** One end of a link with a listener on its implicit port. */
class End extends EventTarget {
  readonly link: Link;
  /** The ports that arrived with the last message. */
  ports: readonly MessagePort[] = [];

  constructor(
    readonly name: string,
    pipe: PipePair['a'],
  ) {
    super();
    this.link = new Link(pipe, portTraits);
    this.link.root.setOwner({
      deliver: (parcel) => deliverTo(this, parcel),
      closed: () => host.note(`${name} closed`),
      drained: () => host.note(`${name} drained`),
    });
    this.link.events.on('fault', (error) => host.note(`${name} fault: ${error.message}`));
    this.link.events.on('incompatible', (error) => host.note(`${name} ${error.code}`));
    this.addEventListener('message', (event: MessageEvent<unknown, MessagePort>) => {
      this.ports = event.ports;
      host.note(`${name}:${JSON.stringify(event.data)}`);
    });
    this.addEventListener('messageerror', () => host.note(`${name} messageerror`));
    this.link.root.enable();
    this.link.open();
  }

  post(value: unknown, ports: object[] = [], buffers: ArrayBuffer[] = []): void {
    postThrough(this.link.root, value, { ports, buffers: new Set(buffers) });
  }
}

function connect(options: PipePairOptions = {}): { a: End; b: End; pair: PipePair } {
  const pair = createPipePair(options);
  return { a: new End('a', pair.a), b: new End('b', pair.b), pair };
}

function hear(port: MessagePort | undefined, name: string): MessagePort {
  if (port === undefined) throw new Error('no port arrived');
  port.onmessage = (event) => host.note(`${name}:${JSON.stringify(event.data)}`);
  port.onclose = () => host.note(`${name} closed`);
  return port;
}

async function heard(): Promise<string[]> {
  await host.runUntilIdle();
  return host.takeLog();
}

describe.each([
  ['binary', { binary: true }],
  ['text only', { binary: false }],
  ['structured clone with transfer', { cloneMessage: 'structured', transfer: true }],
] as [string, PipePairOptions][])('a link over a pipe that is %s', (_name, options) => {
  it('carries messages both ways, in order', async () => {
    const { a, b } = connect(options);
    a.post(1);
    a.post({ n: 2 });
    b.post('back');
    expect((await heard()).sort()).toEqual(['a:"back"', 'b:1', 'b:{"n":2}']);
  });

  it('carries buffers', async () => {
    const { a, b } = connect(options);
    const buffer = new Uint8Array([1, 2, 250]).buffer;
    b.addEventListener('message', (event: MessageEvent<{ view: Uint8Array }>) => {
      host.note(`bytes ${String(event.data.view)}`);
    });
    a.post({ view: new Uint8Array(buffer, 1) }, [], [buffer]);
    expect(await heard()).toContain('bytes 2,250');
    expect(buffer.byteLength).toBe(0);
  });

  it('carries a port with what waits in it, and both ends talk', async () => {
    const { a, b } = connect(options);
    const { port1, port2 } = new MessageChannel();
    hear(port1, 'near');
    port1.postMessage('waiting');
    a.post({ port: port2 }, [port2]);
    port1.postMessage('later');
    await host.runUntilIdle();
    host.takeLog();
    const far = hear(b.ports[0], 'far');
    far.postMessage('hello');
    expect(await heard()).toEqual(['far:"waiting"', 'far:"later"', 'near:"hello"']);
    expect([a.link.size, b.link.size]).toEqual([2, 2]);
    far.close();
    expect(await heard()).toEqual(['near closed']);
    expect([a.link.size, b.link.size]).toEqual([1, 1]);
  });
});

describe('ports that travel', () => {
  it('go there and back with messages in flight', async () => {
    const { a, b } = connect();
    const { port1, port2 } = new MessageChannel();
    a.post(null, [port2]);
    await host.runUntilIdle();
    for (const n of [1, 2, 3]) port1.postMessage(n);
    const [away] = b.ports;
    b.post(null, [away as MessagePort]);
    port1.postMessage(4);
    await host.runUntilIdle();
    host.takeLog();
    const home = hear(a.ports[0], 'home');
    port1.postMessage(5);
    expect(await heard()).toEqual(['home:1', 'home:2', 'home:3', 'home:4', 'home:5']);
    hear(port1, 'near');
    home.postMessage('answer');
    home.close();
    expect(await heard()).toEqual(['near:"answer"', 'near closed']);
    expect([a.link.size, b.link.size]).toEqual([1, 1]);
  });

  it('can both be moved at once, over two links', async () => {
    const first = connect();
    const second = connect();
    const { port1, port2 } = new MessageChannel();
    port1.postMessage('a');
    port2.postMessage('b');
    first.a.post(null, [port1]);
    second.a.post(null, [port2]);
    await host.runUntilIdle();
    host.takeLog();
    const one = hear(first.b.ports[0], 'one');
    const two = hear(second.b.ports[0], 'two');
    one.postMessage(1);
    two.postMessage(2);
    expect((await heard()).sort()).toEqual(['one:"b"', 'one:2', 'two:"a"', 'two:1']);
    one.close();
    expect(await heard()).toEqual(['two closed']);
    expect([first.a.link.size, second.b.link.size]).toEqual([1, 1]);
  });

  it('arrive closed when the other end had closed before', async () => {
    const { a, b } = connect();
    const { port1, port2 } = new MessageChannel();
    port1.postMessage('last words');
    port1.close();
    a.post(null, [port2]);
    await host.runUntilIdle();
    host.takeLog();
    hear(b.ports[0], 'far');
    expect(await heard()).toEqual(['far:"last words"', 'far closed']);
  });

  it('keep order over several hops and back while both ends post', async () => {
    const links = [connect(), connect()];
    const { port1, port2 } = new MessageChannel();
    let [sent, at] = [0, port2];
    const got: unknown[] = [];
    port1.onmessage = (event) => got.push(event.data);
    for (const { a, b } of [...links, ...links]) {
      for (const [from, to] of [
        [a, b],
        [b, a],
      ] as const) {
        to.ports = [];
        port1.postMessage(sent++);
        at.postMessage(sent);
        from.post(null, [at]);
        port1.postMessage(sent++);
        // No longer than the port itself takes: what else is under way stays so.
        while (to.ports.length === 0) await host.runTurn();
        at = to.ports[0] as MessagePort;
        port1.postMessage(sent++);
      }
    }
    await host.runUntilIdle();
    host.takeLog();
    hear(at, 'far');
    expect(await heard()).toEqual(Array.from({ length: sent }, (_, n) => `far:${n}`));
    expect(got).toEqual([1, 4, 7, 10, 13, 16, 19, 22]);
    port1.close();
    expect(await heard()).toEqual(['far closed']);
    expect(links.map(({ a, b }) => [a.link.size, b.link.size])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });

  it('are told of the close after the backlog, started late or not', async () => {
    const { a, b } = connect();
    const { port1, port2 } = new MessageChannel();
    a.post(null, [port2]);
    await host.runUntilIdle();
    host.takeLog();
    port1.postMessage(1);
    port1.postMessage(2);
    port1.close();
    port1.postMessage('after the close');
    await host.runUntilIdle();
    hear(b.ports[0], 'far');
    expect(await heard()).toEqual(['far:1', 'far:2', 'far closed']);
    expect([a.link.size, b.link.size]).toEqual([1, 1]);
  });

  it('lose of what waits only the message that cannot cross', async () => {
    const { a, b } = connect();
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(1);
    port1.postMessage(2n ** 8_000_000n);
    port1.postMessage(3);
    a.post(null, [port2]);
    port1.postMessage(4);
    await host.runUntilIdle();
    host.takeLog();
    hear(b.ports[0], 'far').onmessageerror = () => host.note('far messageerror');
    expect(await heard()).toEqual(['far:1', 'far messageerror', 'far:3', 'far:4']);
    expect(host.takeErrors()).toMatchObject([{ name: 'DataCloneError' }]);
  });

  it('carry undefined, and own __proto__ keys as data', async () => {
    const { a, b } = connect();
    const got: unknown[] = [];
    b.addEventListener('message', (event: MessageEvent) => got.push(event.data));
    a.post(undefined);
    a.post(JSON.parse('{"__proto__":{"polluted":1}}'));
    await host.runUntilIdle();
    host.takeLog();
    expect(got[0]).toBe(undefined);
    expect(Object.keys(got[1] as object)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(got[1])).toBe(Object.prototype);
  });

  it('carry buffers whose sender transferred them, also through a relay', async () => {
    const [first, second] = [connect(), connect()];
    const { port1, port2 } = new MessageChannel();
    first.a.post(null, [port2]);
    await host.runUntilIdle();
    second.a.post(null, [first.b.ports[0] as MessagePort]);
    await host.runUntilIdle();
    host.takeLog();
    const far = second.b.ports[0] as MessagePort;
    far.onmessage = (event) => host.note(String(new Uint8Array(event.data as ArrayBuffer)));
    const buffer = new Uint8Array([7, 8]).buffer;
    port1.postMessage(buffer, [buffer]);
    expect(await heard()).toEqual(['7,8']);
  });

  it('keep order and lose nothing, wherever they are sent (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('post', 'move', 'turn'), { maxLength: 40 }),
        async (steps) => {
          const { a, b } = connect();
          const { port1, port2 } = new MessageChannel();
          const got: unknown[] = [];
          let at: MessagePort | null = port2;
          let there: 'a' | 'b' = 'a';
          let sent = 0;
          for (const step of steps) {
            if (step === 'post') port1.postMessage(sent++);
            else if (step === 'turn') await host.runTurn();
            else if (at !== null) {
              const [from, to]: [End, End] = there === 'a' ? [a, b] : [b, a];
              from.post(null, [at]);
              await host.runUntilIdle();
              at = to.ports[0] as MessagePort;
              there = there === 'a' ? 'b' : 'a';
            }
          }
          at.onmessage = (event) => got.push(event.data);
          await host.runUntilIdle();
          host.takeLog();
          expect(got).toEqual(Array.from({ length: sent }, (_, n) => n));
          at.close();
          await host.runUntilIdle();
          expect([a.link.size, b.link.size]).toEqual([1, 1]);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('batching', () => {
  it('sends what one slice posts as one message of the pipe, order kept across ports', async () => {
    let messages = 0;
    const { a, b } = connect({
      faults: () => {
        messages++;
        return undefined;
      },
    });
    const { port1, port2 } = new MessageChannel();
    a.post('first', [port2]);
    await host.runUntilIdle();
    hear(b.ports[0], 'port');
    host.takeLog();
    messages = 0;
    for (let n = 0; n < 3; n++) {
      a.post(n);
      port1.postMessage(n);
    }
    expect(await heard()).toEqual(['b:0', 'port:0', 'b:1', 'port:1', 'b:2', 'port:2']);
    expect(messages).toBe(1);
  });

  it('flush() sends at once', async () => {
    const { a } = connect();
    await host.runUntilIdle();
    a.post('now');
    a.link.flush();
    a.post('then');
    expect(await heard()).toEqual(['b:"now"', 'b:"then"']);
  });

  it('holds everything until the other end is there', async () => {
    const pair = createPipePair();
    const a = new End('a', pair.a);
    const { port1, port2 } = new MessageChannel();
    a.post('early', [port2]);
    port1.postMessage('to the port');
    await host.runUntilIdle();
    const b = new End('b', pair.b);
    expect(await heard()).toEqual(['b:"early"']);
    hear(b.ports[0], 'port');
    expect(await heard()).toEqual(['port:"to the port"']);
  });
});

describe('the end of a pipe', () => {
  it('closes every port once, after what had arrived', async () => {
    const { a, b, pair } = connect();
    const { port1, port2 } = new MessageChannel();
    a.post(null, [port2]);
    await host.runUntilIdle();
    hear(b.ports[0], 'far').postMessage('last');
    await host.runUntilIdle();
    host.takeLog();
    a.link.events.on('end', () => host.note('a ended'));
    pair.cut(new Error('gone'));
    expect(await heard()).toEqual(['a ended', 'a closed', 'b closed', 'far closed']);
    hear(port1, 'near');
    expect(await heard()).toEqual(['near:"last"', 'near closed']);
    a.post('into the void');
    port1.postMessage('lost');
    expect([a.link.size, b.link.size]).toEqual([0, 0]);
  });

  it('closes a port that is sent afterwards', async () => {
    const { a, pair } = connect();
    await host.runUntilIdle();
    pair.cut();
    await host.runUntilIdle();
    host.takeLog();
    const { port1, port2 } = new MessageChannel();
    hear(port1, 'near');
    a.post(null, [port2]);
    expect(await heard()).toEqual(['near closed']);
  });

  it('is told to the other side by close()', async () => {
    const { a } = connect();
    await host.runUntilIdle();
    a.post('bye');
    a.link.close();
    expect(await heard()).toEqual(['a closed', 'b:"bye"', 'b closed']);
  });
});

describe('a hostile other end', () => {
  const envelope = (text: string, buffers: unknown[] = []) => ({ mpLanes: protocolVersion, text, buffers });

  async function receive(...messages: unknown[]): Promise<{ b: End; log: string[] }> {
    const pair = createPipePair();
    const b = new End('b', pair.b);
    pair.a.send(envelope(`[["hello",${protocolVersion},"x"]]`));
    for (const message of messages) pair.a.send(message);
    const log = await heard();
    return { b, log };
  }

  it('cannot make a bad frame harm the frames beside it', async () => {
    const { b, log } = await receive(
      envelope('[["msg","0",1],["nonsense"],["msg","0",{"~":["~v"]}],["msg","0",2]]'),
    );
    expect(log).toEqual(['b:1', 'b fault: the other thread sent a malformed frame', 'b messageerror', 'b:2']);
    expect(b.link.counters).toEqual({ dropped: 0, faults: 1, foreign: 0 });
  });

  it('cannot make a bad buffer harm the buffers beside it', async () => {
    const frames = ['["more","0",{"~":["~b0"]},0,0,1,[],0]', '["more","0",{"~":["~b0"]},0,1,1,[],0]'];
    const { b, log } = await receive(envelope(`[${frames.join(',')}]`, ['?', 'AQI=']));
    expect(log).toEqual(['b messageerror', 'b:{}']);
    expect(b.link.counters.faults).toBe(1);
  });

  it('cannot give one buffer to two messages, nor a buffer that is not there', async () => {
    const frame = (first: number, count: number) => `["more","0",{"~":["~b0"]},0,${first},${count},[],0]`;
    const { log } = await receive(
      envelope(`[${frame(0, 1)},${frame(0, 1)},${frame(1, 1)},${frame(0, 1e15)}]`, ['AQI=']),
    );
    expect(log).toEqual(['b:{}', 'b messageerror', 'b messageerror', 'b messageerror']);
  });

  it('makes the port hear of a malformed frame that names it', async () => {
    const { log } = await receive(
      envelope('[["msg","0"],["more","0",1,2,0,0,[],0],["more","0",1,0,0,0,["a b"],0]]'),
    );
    expect(log).toEqual(['b messageerror', 'b messageerror', 'b messageerror']);
  });

  it('cannot give credit that was not asked for', async () => {
    const { b, log } = await receive(envelope('[["credit","0"],["credit","guess"],["msg","0",1]]'));
    expect(log).toEqual(['b fault: the other thread sent a credit that was not asked for', 'b:1']);
    expect(b.link.counters).toEqual({ dropped: 1, faults: 1, foreign: 0 });
  });

  it('cannot reach a port that it was not given', async () => {
    const { b, log } = await receive(envelope('[["msg","1",1],["close","guess"]]'));
    expect(log).toEqual([]);
    expect(b.link.counters.dropped).toBe(2);
  });

  it('leaves nothing behind with what it sends after its own end', async () => {
    const { b } = await receive(envelope('[["bye"],["more","0",1,0,0,0,["p"],0]]'));
    expect(b.link.size).toBe(0);
  });

  it('cannot take a port over by naming its id again', async () => {
    const { b, log } = await receive(
      envelope(
        '[["more","0",1,0,0,0,["p"],0],["more","0",2,0,0,0,["p"],0],["more","0",3,0,0,0,["q","q"],0]]',
      ),
    );
    expect(log).toEqual(['b:1', 'b messageerror', 'b messageerror']);
    expect(b.link.size).toBe(2);
  });

  it('is not listened to in another protocol version', async () => {
    const pair = createPipePair();
    new End('b', pair.b);
    pair.a.send({ mpLanes: protocolVersion + 1, text: '[]', buffers: [] });
    expect(await heard()).toEqual(['b ERR_PROTOCOL_VERSION', 'b closed']);
  });

  it.each([
    [{ mpLanes: 1, text: '[["hello",1,"0.0.7-beta.1"]]', buffers: [] }, '1 (mp-lanes 0.0.7-beta.1)'],
    ['mpLanes9[["hello",9,"2.0.0",{"more":1}]]', '9 (mp-lanes 2.0.0)'],
    ['mpLanes9[["hello",9,"<script>"]]', '9 (mp-lanes unknown)'],
  ])('is named with its version where it says hello in another protocol: %j', async (message, named) => {
    const pair = createPipePair();
    const b = new End('b', pair.b);
    let told = '';
    b.link.events.on('incompatible', ({ message: text }) => (told = text));
    pair.a.send(message);
    await heard();
    expect(told).toContain(`the other thread speaks protocol ${named}`);
    expect(told).toContain(`this one ${protocolVersion} (mp-lanes 0.1.0)`);
  });

  it('cannot break anything by any message (property)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof(
            fc.json().map((text) => envelope(text)),
            fc.anything(),
          ),
          { maxLength: 5 },
        ),
        async (messages) => {
          const pair = createPipePair({ cloneMessage: 'structured' });
          const b = new End('b', pair.b);
          for (const message of messages) {
            try {
              pair.a.send(message);
            } catch {
              // The pipe itself cannot carry it.
            }
          }
          pair.a.send(envelope('[["msg","0","alive"]]'));
          expect(await heard()).toContain('b:"alive"');
          b.link.close();
          await host.runUntilIdle();
          host.takeLog();
        },
      ),
      { numRuns: 300 },
    );
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});
