import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AbortController, AbortSignal, addAbortAlgorithm } from '../../src/core/abort.js';
import { DOMException } from '../../src/core/dom-exception.js';
import { EventTarget } from '../../src/core/event-target.js';
import { Event } from '../../src/core/event.js';
import { createVirtualHost } from '../../src/testing.js';
import type { VirtualHost } from '../../src/testing.js';

let host: VirtualHost;
let uninstall: () => void;

beforeEach(() => {
  host = createVirtualHost();
  uninstall = host.install();
});
afterEach(() => {
  uninstall();
  host.assertClean();
});

const note = (line: string) => () => host.note(line);

describe('AbortController', () => {
  it('has one signal, which it aborts once', () => {
    const controller = new AbortController();
    const { signal } = controller;
    expect(controller.signal).toBe(signal);
    expect([signal.aborted, signal.reason]).toEqual([false, undefined]);
    signal.addEventListener('abort', (event) => {
      host.note(`${event.type} ${String(event.isTrusted)} ${String(event.target === signal)}`);
      host.note(`${String(event.bubbles)} ${String(event.cancelable)} ${String(signal.aborted)}`);
    });
    controller.abort(1);
    controller.abort(2);
    expect(host.takeLog()).toEqual(['abort true true', 'false false true']);
    expect(signal.reason).toBe(1);
  });

  it('that aborts before its signal was asked for has an aborted signal', () => {
    const controller = new AbortController();
    controller.abort('early');
    expect(controller.signal.reason).toBe('early');
  });

  it('gives an AbortError where no reason is given, and any other value as it is', () => {
    const controller = new AbortController();
    controller.abort(undefined);
    expect(controller.signal.reason).toBeInstanceOf(DOMException);
    expect(controller.signal.reason).toMatchObject({ name: 'AbortError', code: 20 });
    for (const reason of [null, 0, '', false]) expect(AbortSignal.abort(reason).reason).toBe(reason);
  });

  it('does not fire when the only listener has gone, nor for a dispatched event', () => {
    const { signal } = new AbortController();
    signal.dispatchEvent(new Event('abort'));
    expect(signal.aborted).toBe(false);
  });

  it('can be subclassed', () => {
    class Mine extends AbortController {}
    const mine = new Mine();
    mine.abort();
    expect(mine.signal.aborted).toBe(true);
  });
});

describe('AbortSignal', () => {
  it('throws its reason, the very same, when it has aborted', () => {
    const reason = {};
    const signal = AbortSignal.abort(reason);
    let thrown: unknown;
    try {
      signal.throwIfAborted();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBe(reason);
    expect(() => new AbortController().signal.throwIfAborted()).not.toThrow();
  });

  it('onabort keeps its place among the listeners', () => {
    const controller = new AbortController();
    const { signal } = controller;
    signal.onabort = note('old');
    signal.addEventListener('abort', note('listener'));
    signal.onabort = note('new');
    controller.abort();
    expect(host.takeLog()).toEqual(['new', 'listener']);
  });

  it('lends onabort to no other target', () => {
    const { get, set } = Object.getOwnPropertyDescriptor(
      AbortSignal.prototype,
      'onabort',
    ) as PropertyDescriptor;
    expect(() => get?.call(new EventTarget()) as unknown).toThrow(TypeError);
    expect(() => set?.call(new EventTarget(), null)).toThrow(TypeError);
  });

  it('aborted in a listener of itself changes nothing', () => {
    const controller = new AbortController();
    controller.signal.onabort = () => {
      host.note('abort');
      controller.abort('second');
    };
    controller.abort('first');
    expect([host.takeLog(), controller.signal.reason]).toEqual([['abort'], 'first']);
  });

  it('reports what a listener throws and goes on', () => {
    const controller = new AbortController();
    const failure = new Error('listener');
    controller.signal.addEventListener('abort', () => {
      throw failure;
    });
    controller.signal.addEventListener('abort', note('next'));
    controller.abort();
    expect([host.takeErrors(), host.takeLog()]).toEqual([[failure], ['next']]);
  });
});

describe('AbortSignal.timeout', () => {
  it('aborts with a TimeoutError when the time has passed, and not before', () => {
    const signal = AbortSignal.timeout(20);
    signal.onabort = note('timeout');
    host.advanceSync(19);
    expect(signal.aborted).toBe(false);
    host.advanceSync(2);
    expect(host.takeLog()).toEqual(['timeout']);
    expect(signal.reason).toMatchObject({ name: 'TimeoutError', code: 23 });
  });

  it('fires in the order of time, then of making', () => {
    for (const ms of [20, 10, 10]) AbortSignal.timeout(ms).onabort = note(String(ms));
    AbortSignal.timeout(0).onabort = note('0');
    host.runUntilIdleSync();
    expect(host.takeLog()).toEqual(['0', '10', '10', '20']);
  });

  it.each([-1, NaN, Infinity, Number.MAX_SAFE_INTEGER + 1, undefined, 1n])('refuses %o', (value) => {
    expect(() => AbortSignal.timeout(value as number)).toThrow(TypeError);
  });

  it('needs an argument', () => {
    expect(() => Reflect.apply(AbortSignal.timeout, AbortSignal, [])).toThrow(TypeError);
  });
});

describe('AbortSignal.any', () => {
  it('of nothing never aborts', () => {
    expect(AbortSignal.any([]).aborted).toBe(false);
  });

  it('has aborted when one of its sources has, with the reason of the first such', () => {
    const live = new AbortController();
    const signal = AbortSignal.any([live.signal, AbortSignal.abort(1), AbortSignal.abort(2)]);
    expect([signal.aborted, signal.reason]).toEqual([true, 1]);
    live.abort(3);
    expect(signal.reason).toBe(1);
  });

  it('follows whichever source aborts first, once', () => {
    const [a, b] = [new AbortController(), new AbortController()];
    const signal = AbortSignal.any(new Set([a.signal, b.signal, a.signal]));
    signal.onabort = () => host.note(String(signal.reason));
    b.abort('b');
    a.abort('a');
    expect(host.takeLog()).toEqual(['b']);
  });

  it('of a dependent signal depends on what is behind it', () => {
    const [a, b] = [new AbortController(), new AbortController()];
    const inner = AbortSignal.any([a.signal]);
    const outer = AbortSignal.any([inner, b.signal]);
    a.abort('a');
    expect([inner.reason, outer.reason]).toEqual(['a', 'a']);
  });

  it('marks all dependents before any hears of it, and tells them in the order of their making', () => {
    const controller = new AbortController();
    const first = AbortSignal.any([controller.signal]);
    const second = AbortSignal.any([first]);
    const seen = () =>
      `${String(controller.signal.aborted)} ${String(first.aborted)} ${String(second.aborted)}`;
    second.addEventListener('abort', () => host.note(`second ${seen()}`));
    first.addEventListener('abort', () => host.note(`first ${seen()}`));
    controller.signal.addEventListener('abort', () => host.note(`source ${seen()}`));
    controller.abort();
    const all = 'true true true';
    expect(host.takeLog()).toEqual([`source ${all}`, `first ${all}`, `second ${all}`]);
  });

  it('made in a listener of its source has aborted and tells nobody', () => {
    const controller = new AbortController();
    controller.signal.onabort = () => {
      const late = AbortSignal.any([controller.signal]);
      late.onabort = note('late');
      host.note(String(late.aborted));
    };
    controller.abort();
    expect(host.takeLog()).toEqual(['true']);
  });

  it('aborted in a listener of another source keeps its first reason', () => {
    const [a, b] = [new AbortController(), new AbortController()];
    const signal = AbortSignal.any([a.signal, b.signal]);
    signal.onabort = () => host.note(String(signal.reason));
    a.signal.onabort = () => b.abort('b');
    a.abort('a');
    expect(host.takeLog()).toEqual(['a']);
  });

  it('takes an iterable of signals and nothing else', () => {
    for (const value of [
      undefined,
      null,
      1,
      'x',
      {},
      [null],
      [{}],
      [new AbortController()],
      [new EventTarget()],
    ])
      expect(() => AbortSignal.any(value as never)).toThrow(TypeError);
  });

  it('is an AbortSignal on whatever it is called', () => {
    expect(Reflect.apply(AbortSignal.any, null, [[]])).toBeInstanceOf(AbortSignal);
  });
});

describe('a native signal', () => {
  it('is followed by AbortSignal.any, beside ours', () => {
    const native = new globalThis.AbortController();
    const ours = new AbortController();
    const signal = AbortSignal.any([ours.signal, native.signal]);
    signal.onabort = () => host.note(String(signal.reason));
    native.abort('native');
    ours.abort('ours');
    expect(host.takeLog()).toEqual(['native']);
    expect(AbortSignal.any([globalThis.AbortSignal.abort('was')]).reason).toBe('was');
  });

  it('has dependents in the order of their making, all marked first', () => {
    const native = new globalThis.AbortController();
    const [a, b] = [AbortSignal.any([native.signal]), AbortSignal.any([native.signal])];
    b.onabort = () => host.note(`b ${String(a.aborted)}`);
    a.onabort = () => host.note(`a ${String(b.aborted)}`);
    native.abort();
    expect(host.takeLog()).toEqual(['a true', 'b true']);
  });

  it('is seen as aborted inside its own dispatch', () => {
    const native = new globalThis.AbortController();
    native.signal.addEventListener('abort', () => host.note(String(AbortSignal.any([native.signal]).reason)));
    AbortSignal.any([native.signal]);
    native.abort('now');
    expect(host.takeLog()).toEqual(['now']);
  });

  it('without a reason, as old browsers have it, gives an AbortError', () => {
    let tell = (): void => undefined;
    const old = {
      aborted: false,
      addEventListener: (_: string, listener: () => void) => (tell = listener),
      removeEventListener: () => undefined,
    };
    const signal = AbortSignal.any([old]);
    old.aborted = true;
    tell();
    expect(signal.reason).toMatchObject({ name: 'AbortError' });
  });
});

describe.each([
  ['ours', () => new AbortController()],
  ["the platform's", () => new globalThis.AbortController()],
])('addAbortAlgorithm on a signal of %s', (_, make) => {
  it('runs once, in the order of adding', () => {
    const controller = make();
    addAbortAlgorithm(controller.signal, note('1'));
    addAbortAlgorithm(controller.signal, note('2'));
    controller.abort();
    controller.abort();
    expect(host.takeLog()).toEqual(['1', '2']);
  });

  it('is taken back by what it gives, and only its own', () => {
    const controller = make();
    const algorithm = note('same');
    const dispose = addAbortAlgorithm(controller.signal, algorithm);
    addAbortAlgorithm(controller.signal, algorithm);
    dispose();
    dispose();
    controller.abort();
    expect(host.takeLog()).toEqual(['same']);
    dispose();
  });

  it('does nothing on a signal that has aborted', () => {
    const controller = make();
    controller.abort();
    addAbortAlgorithm(controller.signal, note('never'))();
    expect(host.takeLog()).toEqual([]);
  });

  it('may take back another while it runs; one added meanwhile never runs', () => {
    const controller = make();
    addAbortAlgorithm(controller.signal, () => {
      host.note('1');
      dispose();
      addAbortAlgorithm(controller.signal, note('late'));
    });
    const dispose = addAbortAlgorithm(controller.signal, note('2'));
    addAbortAlgorithm(controller.signal, note('3'));
    controller.abort();
    expect(host.takeLog()).toEqual(['1', '3']);
  });

  it('that throws is reported and stops no other', () => {
    const controller = make();
    const failure = new Error('algorithm');
    addAbortAlgorithm(controller.signal, () => {
      throw failure;
    });
    addAbortAlgorithm(controller.signal, note('next'));
    controller.abort();
    expect([host.takeErrors(), host.takeLog()]).toEqual([[failure], ['next']]);
  });
});

it('algorithms run before listeners, for each signal in turn', () => {
  const controller = new AbortController();
  const dependent = AbortSignal.any([controller.signal]);
  controller.signal.onabort = note('event');
  dependent.onabort = note('dependent event');
  addAbortAlgorithm(dependent, note('dependent algorithm'));
  addAbortAlgorithm(controller.signal, note('algorithm'));
  controller.abort();
  expect(host.takeLog()).toEqual(['algorithm', 'event', 'dependent algorithm', 'dependent event']);
});

it('a native signal gets one listener of ours, however much waits for it', () => {
  const { signal } = new globalThis.AbortController();
  let added = 0;
  const counted: typeof signal.addEventListener = (...values: [string, never]) => {
    added++;
    return globalThis.AbortSignal.prototype.addEventListener.apply(signal, values);
  };
  signal.addEventListener = counted;
  for (let i = 0; i < 100; i++) {
    addAbortAlgorithm(signal, () => undefined);
    AbortSignal.any([signal]);
  }
  expect(added).toBe(1);
});
