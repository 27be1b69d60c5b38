import { beforeAll, expect, it } from 'vitest';
import { CustomEvent } from '../../src/core/custom-event.js';
import { provideEnvironment } from '../../src/core/environment.js';
import { EventTarget } from '../../src/core/event-target.js';

beforeAll(() => {
  provideEnvironment(() => ({ now: () => 0, after: () => undefined, reportError: () => undefined }));
});

it('carries any value, null by default', () => {
  const detail = {};
  expect(new CustomEvent('x', { detail }).detail).toBe(detail);
  expect([new CustomEvent('x').detail, new CustomEvent('x', { detail: undefined }).detail]).toEqual([
    null,
    null,
  ]);
  expect([
    new CustomEvent('x', { detail: 0 }).detail,
    new CustomEvent('x', { cancelable: true }).cancelable,
  ]).toEqual([0, true]);
});

it('is set up anew, but not while it is dispatched', () => {
  const event = new CustomEvent('x', { detail: 1 });
  const target = new EventTarget();
  target.addEventListener('x', () => event.initCustomEvent('y', true, true, 2));
  target.dispatchEvent(event);
  expect([event.type, event.detail]).toEqual(['x', 1]);
  event.initCustomEvent('y', true, true, 2);
  expect([event.type, event.bubbles, event.cancelable, event.detail]).toEqual(['y', true, true, 2]);
  event.initCustomEvent('z');
  expect(event.detail).toBe(null);
  expect(() => event.initCustomEvent(...([] as never as [string]))).toThrow(TypeError);
});
