import { describe, expect, it } from 'vitest';
import { MessageEvent } from '../../src/channel/message-event.js';
import { AbortController, AbortSignal } from '../../src/core/abort.js';
import { platformObject } from '../../src/core/brand.js';
import { CustomEvent } from '../../src/core/custom-event.js';
import { DOMException } from '../../src/core/dom-exception.js';
import { provideEnvironment } from '../../src/core/environment.js';
import { EventTarget } from '../../src/core/event-target.js';
import { Event } from '../../src/core/event.js';
import { internalSlot, sequence, unsignedLongLong } from '../../src/core/webidl.js';
import { TaskPriorityChangeEvent } from '../../src/scheduler/task-priority-change-event.js';
import { TaskController, TaskSignal } from '../../src/scheduler/task-signal.js';

provideEnvironment(() => ({ now: () => 1, after: () => undefined, reportError: () => undefined }));

type Class = { new (...values: never[]): object; readonly prototype: object };

interface Shape {
  readonly type: Class;
  readonly name: string;
  readonly length: number;
  readonly parent: object;
  readonly make: () => object;
  /** Members of the prototype: `null` for a read-only attribute, `'rw'`, or the length of a method. */
  readonly members: Record<string, null | 'rw' | number>;
  readonly statics?: Record<string, number>;
}

const shapes: Shape[] = [
  {
    type: Event,
    name: 'Event',
    length: 1,
    parent: Function.prototype,
    make: () => new Event('x'),
    members: {
      type: null,
      target: null,
      srcElement: null,
      currentTarget: null,
      composedPath: 0,
      eventPhase: null,
      stopPropagation: 0,
      cancelBubble: 'rw',
      stopImmediatePropagation: 0,
      bubbles: null,
      cancelable: null,
      returnValue: 'rw',
      preventDefault: 0,
      defaultPrevented: null,
      composed: null,
      timeStamp: null,
      initEvent: 1,
    },
  },
  {
    type: EventTarget,
    name: 'EventTarget',
    length: 0,
    parent: Function.prototype,
    make: () => new EventTarget(),
    members: { addEventListener: 2, removeEventListener: 2, dispatchEvent: 1 },
  },
  {
    type: AbortSignal,
    name: 'AbortSignal',
    length: 0,
    parent: EventTarget,
    make: () => AbortSignal.abort(),
    members: { aborted: null, reason: null, throwIfAborted: 0, onabort: 'rw' },
    statics: { abort: 0, timeout: 1, any: 1 },
  },
  {
    type: AbortController,
    name: 'AbortController',
    length: 0,
    parent: Function.prototype,
    make: () => new AbortController(),
    members: { signal: null, abort: 0 },
  },
  {
    type: TaskSignal,
    name: 'TaskSignal',
    length: 0,
    parent: AbortSignal,
    make: () => TaskSignal.any([]),
    members: { priority: null, onprioritychange: 'rw' },
    statics: { any: 1 },
  },
  {
    type: TaskController,
    name: 'TaskController',
    length: 0,
    parent: AbortController,
    make: () => new TaskController(),
    members: { setPriority: 1 },
  },
  {
    type: TaskPriorityChangeEvent,
    name: 'TaskPriorityChangeEvent',
    length: 2,
    parent: Event,
    make: () => new TaskPriorityChangeEvent('x', { previousPriority: 'background' }),
    members: { previousPriority: null },
  },
  {
    type: MessageEvent,
    name: 'MessageEvent',
    length: 1,
    parent: Event,
    make: () => new MessageEvent('x'),
    members: { data: null, origin: null, lastEventId: null, source: null, ports: null, initMessageEvent: 1 },
  },
  {
    type: CustomEvent,
    name: 'CustomEvent',
    length: 1,
    parent: Event,
    make: () => new CustomEvent('x'),
    members: { detail: null, initCustomEvent: 1 },
  },
  {
    type: DOMException,
    name: 'DOMException',
    length: 0,
    parent: Function.prototype,
    make: () => new DOMException(),
    members: { name: null, message: null, code: null },
  },
];

function call(action: unknown, self: unknown): () => unknown {
  return () => Reflect.apply(action as () => unknown, self, ['background', null]);
}

describe.each(shapes)(
  'the interface $name',
  ({ type, name, length, parent, make, members, statics = {} }) => {
    const { prototype } = type;

    it('has its name, length, parent and string tag', () => {
      expect([type.name, type.length, Object.getPrototypeOf(type)]).toEqual([name, length, parent]);
      expect(Object.prototype.toString.call(make())).toBe(`[object ${name}]`);
      expect(Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag)).toEqual({
        value: name,
        writable: false,
        enumerable: false,
        configurable: true,
      });
      expect(Object.getOwnPropertyDescriptor(type, 'prototype')?.writable).toBe(false);
      expect(Object.getOwnPropertyDescriptor(prototype, 'constructor')?.enumerable).toBe(false);
    });

    it('has these members and no others, all enumerable', () => {
      const constants = Object.keys(prototype).filter((key) => /^[A-Z_]+$/.test(key));
      expect(new Set(Object.keys(prototype))).toEqual(new Set([...Object.keys(members), ...constants]));
      expect(new Set(Object.keys(type))).toEqual(new Set([...Object.keys(statics), ...constants]));
    });

    it.each(Object.entries(members))('%s is what the standard says and minds its this', (key, kind) => {
      const found = Object.getOwnPropertyDescriptor(prototype, key) as PropertyDescriptor;
      expect([found.enumerable, found.configurable]).toEqual([true, true]);
      const strangers = [
        undefined,
        null,
        1,
        {},
        prototype,
        Object.create(make()),
        new Proxy(make(), {}),
        { ...make() },
      ];
      const actions =
        typeof kind === 'number' ? [found.value] : kind === null ? [found.get] : [found.get, found.set];
      for (const action of actions)
        for (const self of strangers) expect(call(action, self)).toThrow(TypeError);
      if (typeof kind === 'number') {
        expect([found.value.name, found.value.length, found.writable]).toEqual([key, kind, true]);
      } else {
        expect([found.get?.name, found.set?.name]).toEqual([
          `get ${key}`,
          kind === null ? undefined : `set ${key}`,
        ]);
      }
    });

    it.each(Object.entries(statics))('the static %s has a length and is enumerable', (key, count) => {
      const found = Object.getOwnPropertyDescriptor(type, key) as PropertyDescriptor;
      expect([found.value.name, found.value.length, found.enumerable]).toEqual([key, count, true]);
    });

    it('is refused by structured clone, unless it is a DOMException', () => {
      expect(platformObject in prototype).toBe(name !== 'DOMException');
    });

    it('cannot be called without new', () => {
      expect(call(type, undefined)).toThrow(TypeError);
    });

    it('keeps its state when the object is frozen', () => {
      const object = Object.freeze(make());
      for (const [key, kind] of Object.entries(members))
        if (kind === null) expect(() => Reflect.get(object, key)).not.toThrow();
    });
  },
);

describe('constructors that are not for users', () => {
  it.each([AbortSignal, TaskSignal])('%o is illegal', (type) => {
    expect(() => new (type as new () => object)()).toThrow(new TypeError('Illegal constructor'));
    expect(() => Reflect.construct(type, [], Object)).toThrow(TypeError);
  });
});

describe('conversions', () => {
  it.each([
    [0, 0],
    [-0.9, -0],
    [1.9, 1],
    ['3', 3],
    [null, 0],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ])('unsigned long long of %o is %o', (value, result) => {
    expect(unsignedLongLong(value) + 0).toBe(result + 0);
  });

  it.each([NaN, Infinity, -1, Number.MAX_SAFE_INTEGER + 1, undefined, 'x', 1n, Symbol()])(
    'unsigned long long refuses %o',
    (value) => {
      expect(() => unsignedLongLong(value)).toThrow(TypeError);
    },
  );

  it('a sequence is any iterable object, and no string', () => {
    expect(sequence(new Set([1, 2]), String)).toEqual(['1', '2']);
    for (const value of ['ab', 1, null, undefined, {}])
      expect(() => sequence(value, String)).toThrow(TypeError);
  });

  it('a sequence closes the iterator when an item is refused', () => {
    let closed = false;
    function* items() {
      try {
        yield 1;
        yield 2;
      } finally {
        closed = true;
      }
    }
    const refuse = () => {
      throw new TypeError('no');
    };
    expect(() => sequence(items(), refuse)).toThrow('no');
    expect(closed).toBe(true);
  });

  it('a slot is found on its owner alone', () => {
    const slot = internalSlot();
    const owner = {};
    slot.put({ owner });
    expect(slot.find(owner)).toEqual({ owner });
    expect(slot.find(Object.create(owner))).toBe(undefined);
    expect(slot.find(undefined)).toBe(undefined);
  });
});
