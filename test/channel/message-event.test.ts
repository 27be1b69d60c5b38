import { beforeAll, describe, expect, it } from 'vitest';
import { MessageEvent } from '../../src/channel/message-event.js';
import { provideEnvironment } from '../../src/core/environment.js';
import { EventTarget } from '../../src/core/event-target.js';
import { Event } from '../../src/core/event.js';

beforeAll(() => {
  provideEnvironment(() => ({ now: () => 0, after: () => undefined, reportError: () => undefined }));
});

const port = { postMessage: () => undefined };

describe('a MessageEvent', () => {
  it('has the defaults of the standard', () => {
    const event = new MessageEvent('x');
    expect(event).toBeInstanceOf(Event);
    expect([event.data, event.origin, event.lastEventId, event.source, event.ports]).toEqual([
      null,
      '',
      '',
      null,
      [],
    ]);
    expect(new MessageEvent('x', { data: undefined, source: null, origin: undefined as never }).data).toBe(
      null,
    );
  });

  it('has what it was told, and all that an event has', () => {
    const data = {};
    const init = { data, origin: 'o', lastEventId: 'id', source: port, ports: [port], cancelable: true };
    const event = new MessageEvent('x', init);
    expect(event).toMatchObject({
      origin: 'o',
      lastEventId: 'id',
      cancelable: true,
      bubbles: false,
      type: 'x',
    });
    expect([event.data === data, event.source === port, event.ports]).toEqual([true, true, [port]]);
  });

  it('needs a type, and options that are an object', () => {
    expect(() => Reflect.construct(MessageEvent, []) as unknown).toThrow(TypeError);
    expect(() => new MessageEvent('x', 1 as never)).toThrow('1 is not an object');
  });

  it('reads its options in order, those of the event first', () => {
    const read: PropertyKey[] = [];
    new MessageEvent('x', new Proxy({}, { get: (_, key) => void read.push(key) }));
    const own = ['data', 'lastEventId', 'origin', 'ports', 'source'];
    expect(read).toEqual(['bubbles', 'cancelable', 'composed', ...own]);
  });

  it('keeps its ports in one frozen array of its own', () => {
    const ports = [port];
    const event = new MessageEvent('x', { ports: new Set(ports) });
    expect(Object.isFrozen(event.ports)).toBe(true);
    expect(event.ports).toBe(event.ports);
    expect(event.ports).not.toBe(ports);
  });

  it.each([null, 1, {}, [null], [1], [{}], 'ab'])('refuses the ports %o', (ports) => {
    expect(() => new MessageEvent('x', { ports: ports as never })).toThrow(TypeError);
  });

  it.each([1, 'x', {}, []])('refuses the source %o', (source) => {
    expect(() => new MessageEvent('x', { source: source })).toThrow(TypeError);
  });

  it('takes the platform’s own ports', () => {
    const { port1, port2 } = new globalThis.MessageChannel();
    const event = new MessageEvent('x', { source: port1, ports: [port2] });
    expect([event.source === port1, event.ports[0] === port2]).toEqual([true, true]);
    port1.close();
  });

  it('converts strings, an origin to well-formed ones', () => {
    const init = { origin: 'a\uD800b\uD83D\uDE00\uDC00', lastEventId: '\uD800' };
    const event = new MessageEvent('x', init);
    expect([event.origin, event.lastEventId]).toEqual(['a\uFFFDb\uD83D\uDE00\uFFFD', '\uD800']);
    expect(new MessageEvent('x', { origin: null as never }).origin).toBe('null');
    expect(() => new MessageEvent('x', { lastEventId: Symbol() as never })).toThrow(TypeError);
  });
});

describe('initMessageEvent', () => {
  it('sets everything anew, with the defaults where nothing is said', () => {
    const event = new MessageEvent('x', { data: 1, ports: [port] });
    const before = event.ports;
    event.initMessageEvent('y', true, true, 2, 'o', 'id', port, before);
    expect(event).toMatchObject({
      type: 'y',
      bubbles: true,
      cancelable: true,
      data: 2,
      origin: 'o',
      lastEventId: 'id',
    });
    expect([event.source, event.ports, event.ports === before]).toEqual([port, [port], false]);
    event.initMessageEvent('z');
    expect([event.bubbles, event.cancelable]).toEqual([false, false]);
    expect([event.data, event.origin, event.lastEventId, event.source, event.ports]).toEqual([
      null,
      '',
      '',
      null,
      [],
    ]);
  });

  it('does nothing while the event is dispatched, and refuses bad arguments all the same', () => {
    const event = new MessageEvent('x', { data: 1 });
    const target = new EventTarget();
    let refused = false;
    target.addEventListener('x', () => {
      event.initMessageEvent('y', true, true, 2);
      try {
        event.initMessageEvent('y', true, true, 2, '', '', null, null as never);
      } catch (error) {
        refused = error instanceof TypeError;
      }
    });
    target.dispatchEvent(event);
    expect([event.type, event.data, refused]).toEqual(['x', 1, true]);
    expect(() => event.initMessageEvent(...([] as never as [string]))).toThrow(TypeError);
  });
});
