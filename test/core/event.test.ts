import { beforeAll, describe, expect, it } from 'vitest';
import { provideEnvironment } from '../../src/core/environment.js';
import { EventTarget, fireEvent } from '../../src/core/event-target.js';
import { Event } from '../../src/core/event.js';

let now = 0;
beforeAll(() => {
  provideEnvironment(() => ({
    now: () => now,
    after: () => undefined,
    reportError: (error) => {
      throw error;
    },
  }));
});

/** Dispatches `event` to a target whose only listener is `during`. */
function dispatch(event: Event, during: () => void): EventTarget {
  const target = new EventTarget();
  target.addEventListener(event.type, during);
  target.dispatchEvent(event);
  return target;
}

describe('the making of an event', () => {
  it('has the defaults of the standard', () => {
    now = 12.5;
    const event = new Event('x');
    const { type, target, srcElement, currentTarget, eventPhase, timeStamp, bubbles, cancelable, composed } =
      event;
    expect([type, target, srcElement, currentTarget, eventPhase]).toEqual(['x', null, null, null, 0]);
    expect([timeStamp, bubbles, cancelable, composed]).toEqual([12.5, false, false, false]);
    expect([event.defaultPrevented, event.returnValue, event.cancelBubble, event.isTrusted]).toEqual([
      false,
      true,
      false,
      false,
    ]);
    expect(event.composedPath()).toEqual([]);
  });

  it('reads the members of its options once, in their order, and nothing else', () => {
    const read: PropertyKey[] = [];
    const options = new Proxy({}, { get: (_, key) => (read.push(key), 1) });
    const event = new Event('x', options);
    expect(read).toEqual(['bubbles', 'cancelable', 'composed']);
    expect([event.bubbles, event.cancelable, event.composed]).toEqual([true, true, true]);
  });

  it('refuses what cannot be a type or options, and takes what can', () => {
    expect(() => Reflect.construct(Event, []) as unknown).toThrow(TypeError);
    expect(() => new Event(Symbol() as never)).toThrow(TypeError);
    for (const options of [1, 'x', true, Symbol()])
      expect(() => new Event('x', options as never)).toThrow(TypeError);
    expect(new Event(undefined as never, null as never).type).toBe('undefined');
  });

  it('gives each event an own isTrusted that cannot be redefined', () => {
    const [one, two] = [new Event('x'), new Event('y')].map((event) =>
      Object.getOwnPropertyDescriptor(event, 'isTrusted'),
    );
    expect([one?.enumerable, one?.configurable, one?.set, one?.get?.name]).toEqual([
      true,
      false,
      undefined,
      'get isTrusted',
    ]);
    expect(one?.get).toBe(two?.get);
  });

  it('can be subclassed', () => {
    class Mine extends Event {
      readonly detail = 1;
    }
    let seen: unknown;
    const event = new Mine('x');
    dispatch(event, () => (seen = event.target));
    expect(seen).toBeInstanceOf(EventTarget);
  });
});

describe('an event under way', () => {
  it('knows target, phase and path, and forgets all but the target afterwards', () => {
    const event = new Event('x');
    const seen: unknown[] = [];
    const target = dispatch(event, () =>
      seen.push(event.eventPhase, event.currentTarget, event.composedPath()),
    );
    expect(seen).toEqual([Event.AT_TARGET, target, [target]]);
    expect([event.eventPhase, event.currentTarget, event.composedPath()]).toEqual([Event.NONE, null, []]);
    expect([event.target, event.srcElement]).toEqual([target, target]);
  });

  it('is trusted when the library fires it, until a user dispatches it again', () => {
    const event = new Event('x');
    const target = new EventTarget();
    fireEvent(target, event);
    expect(event.isTrusted).toBe(true);
    target.dispatchEvent(event);
    expect(event.isTrusted).toBe(false);
  });

  it('cannot be set up anew, and can be afterwards', () => {
    const event = new Event('x', { cancelable: true, composed: true });
    dispatch(event, () => event.initEvent('y', true, false));
    expect([event.type, event.bubbles, event.cancelable]).toEqual(['x', false, true]);
    event.preventDefault();
    event.initEvent('y', true);
    expect([event.type, event.bubbles, event.cancelable, event.composed]).toEqual(['y', true, false, true]);
    expect([event.target, event.defaultPrevented]).toEqual([null, false]);
    expect(() => event.initEvent(...([] as never as [string]))).toThrow(TypeError);
  });

  it('loses its stop flags when it is over', () => {
    const event = new Event('x');
    dispatch(event, () => event.stopImmediatePropagation());
    expect(event.cancelBubble).toBe(false);
  });
});

describe('cancelling', () => {
  it('needs a cancelable event', () => {
    for (const cancelable of [true, false]) {
      const event = new Event('x', { cancelable });
      event.preventDefault();
      expect([event.defaultPrevented, event.returnValue]).toEqual([cancelable, !cancelable]);
    }
  });

  it('works through returnValue, one way', () => {
    const event = new Event('x', { cancelable: true });
    event.returnValue = true;
    expect(event.defaultPrevented).toBe(false);
    event.returnValue = 0 as never;
    event.returnValue = true;
    expect(event.defaultPrevented).toBe(true);
  });

  it('lasts after the dispatch and into the next', () => {
    const event = new Event('x', { cancelable: true });
    const target = dispatch(event, () => event.preventDefault());
    expect(event.defaultPrevented).toBe(true);
    expect(target.dispatchEvent(event)).toBe(false);
  });
});

describe('stopping', () => {
  it('works through cancelBubble, one way', () => {
    const event = new Event('x');
    event.cancelBubble = 'yes' as never;
    event.cancelBubble = false;
    expect(event.cancelBubble).toBe(true);
    event.initEvent('x');
    expect(event.cancelBubble).toBe(false);
  });

  it('before the dispatch keeps the event from every listener', () => {
    const event = new Event('x');
    event.stopPropagation();
    let calls = 0;
    const target = dispatch(event, () => calls++);
    expect(calls).toBe(0);
    target.dispatchEvent(event);
    expect(calls).toBe(1);
  });
});
