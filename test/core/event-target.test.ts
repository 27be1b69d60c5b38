import { beforeEach, describe, expect, it } from 'vitest';
import { AbortController } from '../../src/core/abort.js';
import { provideEnvironment } from '../../src/core/environment.js';
import {
  EventTarget,
  fireEvent,
  getEventHandler,
  hasListeners,
  setEventHandler,
  watchListeners,
} from '../../src/core/event-target.js';
import { Event } from '../../src/core/event.js';

let log: string[] = [];
let errors: unknown[] = [];
let target = new EventTarget();

beforeEach(() => {
  log = [];
  errors = [];
  provideEnvironment(() => ({
    now: () => 0,
    after: () => undefined,
    reportError: (error) => errors.push(error),
  }));
  target = new EventTarget();
});

const note = (line: string) => () => void log.push(line);

function fired(type = 'x'): string {
  log = [];
  target.dispatchEvent(new Event(type, { cancelable: true }));
  return log.join(' ');
}

describe('listeners', () => {
  it('are called in order, those that capture first', () => {
    target.addEventListener('x', note('a'));
    target.addEventListener('x', note('b'), true);
    target.addEventListener('x', note('c'));
    target.addEventListener('y', note('other'));
    target.addEventListener('x', note('d'), { capture: true });
    expect(fired()).toBe('b d a c');
  });

  it('are the same by type, callback and capture alone', () => {
    const a = note('a');
    target.addEventListener('x', a, { once: true, passive: true });
    target.addEventListener('x', a, { once: false });
    target.addEventListener('x', a, true);
    target.addEventListener('x', note('a'));
    expect(fired()).toBe('a a a');
    expect(fired()).toBe('a a');
  });

  it.each([
    [true, true],
    [false, false],
    ['text', true],
    ['', false],
    [2.5, true],
    [NaN, false],
    [undefined, false],
    [null, false],
    [{ capture: 1 }, true],
    [{}, false],
    [Object.assign(() => undefined, { capture: true }), true],
  ])('take %o for a capture of %o', (options, capture) => {
    const a = note('a');
    target.addEventListener('x', a, options as never);
    target.removeEventListener('x', a, !capture);
    expect(fired()).toBe('a');
    target.removeEventListener('x', a, options as never);
    expect(fired()).toBe('');
  });

  it('read the members of their options once and in order', () => {
    const read: PropertyKey[] = [];
    const options = new Proxy({}, { get: (_, key) => void read.push(key) });
    target.addEventListener('x', null, options);
    expect(read).toEqual(['capture', 'once', 'passive', 'signal']);
    target.removeEventListener('x', null, options);
    expect(read.slice(4)).toEqual(['capture']);
  });

  it('refuse what is no callback, and ignore null', () => {
    for (const value of [1, 'x', true, Symbol(), 1n]) {
      expect(() => target.addEventListener('x', value as never)).toThrow(TypeError);
      expect(() => target.removeEventListener('x', value as never)).toThrow(TypeError);
    }
    target.addEventListener('x', null);
    target.addEventListener('x', undefined as never);
    expect(hasListeners(target, 'x')).toBe(false);
    expect(() => Reflect.apply(target.addEventListener, target, ['x'])).toThrow(TypeError);
    expect(() => Reflect.apply(target.removeEventListener, target, ['x'])).toThrow(TypeError);
  });

  it('are called on the target with the event; an object on itself, its handleEvent read each time', () => {
    const seen: unknown[] = [];
    target.addEventListener('x', function (this: unknown, event: Event) {
      seen.push(this, event.type);
    });
    let reads = 0;
    const listener = {
      get handleEvent() {
        reads++;
        return function (this: unknown) {
          seen.push(this);
        };
      },
    };
    target.addEventListener('x', listener);
    expect(reads).toBe(0);
    fired();
    fired();
    expect(reads).toBe(2);
    expect(seen.slice(0, 3)).toEqual([target, 'x', listener]);
  });

  it('whose handleEvent is no function are reported', () => {
    const failure = new Error('getter');
    target.addEventListener('x', {} as never);
    target.addEventListener('x', { handleEvent: 42 } as never);
    target.addEventListener('x', {
      get handleEvent(): never {
        throw failure;
      },
    });
    target.addEventListener('x', note('last'));
    expect(fired()).toBe('last');
    expect(errors).toEqual([expect.any(TypeError), expect.any(TypeError), failure]);
  });

  it('that throw are reported and stop nothing', () => {
    const failure = new Error('listener');
    target.addEventListener('x', () => {
      throw failure;
    });
    target.addEventListener('x', note('next'));
    expect(fired()).toBe('next');
    expect(errors).toEqual([failure]);
  });

  it('are called once where that is asked, and are gone before the call', () => {
    target.addEventListener(
      'x',
      () => {
        log.push(`a${String(hasListeners(target, 'x'))}`);
        if (log.length === 1) target.dispatchEvent(new Event('x'));
      },
      { once: true },
    );
    expect(fired()).toBe('afalse');
    expect(fired()).toBe('');
  });

  it('cannot prevent the default where they are passive', () => {
    const event = new Event('x', { cancelable: true });
    target.addEventListener(
      'x',
      () => {
        event.preventDefault();
        event.returnValue = false;
      },
      { passive: true },
    );
    expect(target.dispatchEvent(event)).toBe(true);
    target.addEventListener('x', () => event.preventDefault());
    expect(target.dispatchEvent(event)).toBe(false);
  });
});

describe('changes during a dispatch', () => {
  it('a removed listener is not called, an added one only by the next', () => {
    const b = note('b');
    target.addEventListener('x', () => {
      log.push('a');
      target.removeEventListener('x', b);
      target.addEventListener('x', note('c'));
    });
    target.addEventListener('x', b);
    expect(fired()).toBe('a');
    expect(fired()).toBe('a c');
  });

  it('a listener added while capturing is called when its turn comes', () => {
    target.addEventListener('x', () => target.addEventListener('x', note('late')), true);
    expect(fired()).toBe('late');
  });

  it('a listener removed and added again is new', () => {
    const b = note('b');
    target.addEventListener('x', () => {
      target.removeEventListener('x', b);
      target.addEventListener('x', b);
    });
    target.addEventListener('x', b);
    expect(fired()).toBe('');
    expect(fired()).toBe('');
  });

  it('another event may be dispatched inside, the same one may not', () => {
    const event = new Event('x');
    target.addEventListener('x', () => {
      log.push('x');
      target.dispatchEvent(new Event('y'));
      expect(() => new EventTarget().dispatchEvent(event)).toThrow(
        expect.objectContaining({ name: 'InvalidStateError' }),
      );
    });
    target.addEventListener('y', note('y'));
    target.addEventListener('x', note('after'));
    target.dispatchEvent(event);
    expect([log, errors]).toEqual([['x', 'y', 'after'], []]);
  });

  it('stopImmediatePropagation ends it at once, stopPropagation after the phase', () => {
    target.addEventListener('x', (event) => event.stopPropagation(), true);
    target.addEventListener('x', note('same phase'), true);
    target.addEventListener('x', note('next phase'));
    expect(fired()).toBe('same phase');
    target.addEventListener('y', (event) => event.stopImmediatePropagation());
    target.addEventListener('y', note('never'));
    expect(fired('y')).toBe('');
  });
});

describe('dispatchEvent', () => {
  it('takes events alone', () => {
    for (const value of [
      null,
      undefined,
      {},
      'x',
      Object.create(new Event('x')),
      Object.assign({}, new Event('x')),
    ])
      expect(() => target.dispatchEvent(value as Event)).toThrow(TypeError);
    expect(() => Reflect.apply(target.dispatchEvent, target, [])).toThrow(TypeError);
  });
});

describe('an event of the platform’s own', () => {
  it('is dispatched as ours are', () => {
    const event = new globalThis.CustomEvent('x', { cancelable: true, detail: 7 });
    const seen: unknown[] = [];
    target.addEventListener('x', (heard) => {
      seen.push(
        heard === (event as unknown),
        heard.type,
        heard.target === target,
        heard.currentTarget === target,
      );
      seen.push(heard.eventPhase, heard.composedPath(), event.detail, heard.isTrusted);
      heard.preventDefault();
      heard.stopImmediatePropagation();
    });
    target.addEventListener('x', note('never'));
    expect(target.dispatchEvent(event as never)).toBe(false);
    expect(seen).toEqual([true, 'x', true, true, 2, [target], 7, false]);
    expect([event.defaultPrevented, event.eventPhase, event.currentTarget]).toEqual([true, 0, null]);
    expect(target.dispatchEvent(event as never)).toBe(false);
    expect(log).toEqual([]);
  });

  it('keeps what was prevented elsewhere', () => {
    const event = new globalThis.Event('x', { cancelable: true });
    event.preventDefault();
    expect(target.dispatchEvent(event as never)).toBe(false);
  });

  it('is refused while it is dispatched elsewhere', () => {
    const event = new globalThis.Event('x');
    const native = new globalThis.EventTarget();
    native.addEventListener('x', () => {
      expect(() => target.dispatchEvent(event as never)).toThrow(expect.objectContaining({ code: 11 }));
      log.push('refused');
    });
    native.dispatchEvent(event);
    expect([log, event.target]).toEqual([['refused'], native]);
  });
});

describe.each([
  ['ours', () => new AbortController()],
  ["the platform's", () => new globalThis.AbortController()],
])('a listener with a signal of %s', (_, make) => {
  it('goes when the signal aborts', () => {
    const controller = make();
    target.addEventListener('x', note('a'), { signal: controller.signal });
    expect(fired()).toBe('a');
    controller.abort();
    expect(fired()).toBe('');
  });

  it('goes in the middle of a dispatch', () => {
    const controller = make();
    target.addEventListener('x', () => controller.abort());
    target.addEventListener('x', note('a'), { signal: controller.signal });
    expect(fired()).toBe('');
  });

  it('never comes when the signal has aborted', () => {
    const controller = make();
    controller.abort();
    target.addEventListener('x', note('a'), { signal: controller.signal });
    expect(hasListeners(target, 'x')).toBe(false);
  });

  it('that was there already is not touched by the signal of a second call', () => {
    const controller = make();
    const a = note('a');
    target.addEventListener('x', a);
    target.addEventListener('x', a, { signal: controller.signal });
    controller.abort();
    expect(fired()).toBe('a');
  });

  it('that was removed and added without a signal stays', () => {
    const controller = make();
    const a = note('a');
    target.addEventListener('x', a, { signal: controller.signal });
    target.removeEventListener('x', a);
    target.addEventListener('x', a);
    controller.abort();
    expect(fired()).toBe('a');
  });
});

it.each([null, 1, {}, { aborted: false }, { addEventListener() {} }])('%o is no signal', (signal) => {
  expect(() => target.addEventListener('x', null, { signal: signal as never })).toThrow(TypeError);
});

describe('an event handler attribute', () => {
  const set = (value: unknown) => setEventHandler(target, 'x', value);

  it('keeps its place when it is replaced, and loses it when it was null', () => {
    target.addEventListener('x', note('1'));
    set(note('old'));
    target.addEventListener('x', note('2'));
    set(note('new'));
    expect(fired()).toBe('1 new 2');
    set(null);
    expect(fired()).toBe('1 2');
    set(note('again'));
    expect(fired()).toBe('1 2 again');
  });

  it('is called on its target, and not a second time for the same function as a listener', () => {
    const a = function (this: unknown) {
      log.push(String(this === target));
    };
    set(a);
    target.addEventListener('x', a);
    expect(fired()).toBe('true true');
    target.removeEventListener('x', a);
    expect(fired()).toBe('true');
  });

  it.each([undefined, 1, 'x', Symbol(), true])('holds null for %o', (value) => {
    set(note('a'));
    set(value);
    expect(getEventHandler(target, 'x')).toBe(null);
    expect(fired()).toBe('');
  });

  it('holds any object, and never looks for its handleEvent', () => {
    const value = {
      get handleEvent(): never {
        throw new Error('looked up');
      },
    };
    set(value);
    expect(getEventHandler(target, 'x')).toBe(value);
    expect([fired(), errors]).toEqual(['', []]);
  });

  it('cancels by returning false, and by nothing else', () => {
    for (const result of [false, 0, undefined, null, true]) {
      const event = new Event('x', { cancelable: true });
      set(() => result);
      expect(target.dispatchEvent(event)).toBe(result !== false);
    }
    set(null);
    target.addEventListener('x', () => false);
    expect(target.dispatchEvent(new Event('x', { cancelable: true }))).toBe(true);
  });

  it('replaced in the middle of a dispatch is called as it is now', () => {
    target.addEventListener('x', () => set(note('new')));
    set(note('old'));
    expect(fired()).toBe('new');
  });
});

describe('the seams for other classes', () => {
  it('fireEvent dispatches on the library’s account', () => {
    let trusted = false;
    target.addEventListener('x', (event) => (trusted = event.isTrusted));
    expect(fireEvent(target, new Event('x'))).toBe(true);
    expect(trusted).toBe(true);
  });

  it('watchListeners hears of every coming and going', () => {
    let count = 0;
    watchListeners(target, (change) => (count += change));
    const controller = new AbortController();
    const a = note('a');
    target.addEventListener('x', a, { once: true });
    target.addEventListener('x', a);
    target.addEventListener('y', a, { signal: controller.signal });
    setEventHandler(target, 'x', a);
    setEventHandler(target, 'x', note('b'));
    expect(count).toBe(3);
    fired();
    controller.abort();
    setEventHandler(target, 'x', null);
    expect(count).toBe(0);
  });
});
