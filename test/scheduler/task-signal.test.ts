import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AbortController, AbortSignal } from '../../src/core/abort.js';
import { signalState } from '../../src/core/signal-state.js';
import { TaskPriorityChangeEvent } from '../../src/scheduler/task-priority-change-event.js';
import { taskPriorities } from '../../src/scheduler/task-priority.js';
import type { TaskPriority } from '../../src/scheduler/task-priority.js';
import {
  TaskController,
  TaskSignal,
  addPriorityAlgorithm,
  hasFixedPriority,
  isTaskSignal,
} from '../../src/scheduler/task-signal.js';
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

/** Writes each change of `signal` into the log. */
function watch(name: string, signal: TaskSignal): void {
  signal.addEventListener('prioritychange', (event: TaskPriorityChangeEvent) => {
    host.note(`${name}: ${event.previousPriority} > ${signal.priority}`);
  });
}

describe('TaskController', () => {
  it('has a TaskSignal with the priority it was told, user-visible by default', () => {
    const controller = new TaskController();
    expect(controller.signal).toBeInstanceOf(TaskSignal);
    expect(controller.signal).toBe(controller.signal);
    expect(controller.signal.priority).toBe('user-visible');
    expect(new TaskController({}).signal.priority).toBe('user-visible');
    for (const priority of taskPriorities)
      expect(new TaskController({ priority }).signal.priority).toBe(priority);
  });

  it.each(['', 'urgent', 'USER-VISIBLE', null, 1, {}])(
    'refuses the priority %o, by name and code',
    (priority) => {
      const refusal = expect.objectContaining({
        code: 'ERR_UNKNOWN_PRIORITY',
        message: expect.stringContaining(String(priority)),
      }) as Error;
      expect(() => new TaskController({ priority: priority as never })).toThrow(refusal);
      expect(() => new TaskController().setPriority(priority as never)).toThrow(TypeError);
    },
  );

  it('refuses options that are no object', () => {
    for (const options of [1, 'background', true])
      expect(() => new TaskController(options as never)).toThrow(TypeError);
    expect(new TaskController(null as never).signal.priority).toBe('user-visible');
  });

  it('tells of a change, once, with the priority before', () => {
    const controller = new TaskController();
    watch('signal', controller.signal);
    controller.signal.onprioritychange = (event) => {
      host.note(`${event.type} ${String(event.isTrusted)} ${String(event.target === controller.signal)}`);
    };
    controller.setPriority('user-visible');
    controller.setPriority('background');
    expect(host.takeLog()).toEqual(['signal: user-visible > background', 'prioritychange true true']);
  });

  it('refuses a change inside a change, and can change again afterwards', () => {
    const controller = new TaskController();
    controller.signal.onprioritychange = () => {
      for (const priority of taskPriorities)
        try {
          controller.setPriority(priority);
        } catch (error) {
          host.note((error as Error).name);
        }
    };
    controller.setPriority('background');
    expect(host.takeLog()).toEqual(['NotAllowedError', 'NotAllowedError', 'NotAllowedError']);
    expect(controller.signal.priority).toBe('background');
    controller.signal.onprioritychange = null;
    controller.setPriority('user-blocking');
    expect(controller.signal.priority).toBe('user-blocking');
  });

  it('changes on after a listener has thrown', () => {
    const controller = new TaskController();
    const failure = new Error('listener');
    controller.signal.onprioritychange = () => {
      throw failure;
    };
    controller.setPriority('background');
    controller.setPriority('user-blocking');
    expect(host.takeErrors()).toEqual([failure, failure]);
  });

  it('aborts as any controller does, and its priority changes still', () => {
    const controller = new TaskController();
    controller.signal.onabort = () => host.note('abort');
    watch('signal', controller.signal);
    controller.abort('why');
    controller.setPriority('background');
    expect(host.takeLog()).toEqual(['abort', 'signal: user-visible > background']);
    expect(controller.signal.reason).toBe('why');
  });

  it('sets the priority of no controller but a TaskController', () => {
    const { setPriority } = TaskController.prototype;
    expect(() => setPriority.call(new AbortController() as never, 'background')).toThrow(TypeError);
    expect(() => Reflect.apply(setPriority, new TaskController(), [])).toThrow(TypeError);
  });
});

describe('TaskSignal.any', () => {
  it('has a fixed priority, user-visible by default', () => {
    expect(TaskSignal.any([]).priority).toBe('user-visible');
    for (const priority of taskPriorities) {
      const signal = TaskSignal.any([], { priority });
      expect([signal.priority, hasFixedPriority(signal)]).toEqual([priority, true]);
    }
    expect(hasFixedPriority(new TaskController().signal)).toBe(false);
  });

  it('follows the priority of one signal and the abort of others', () => {
    const lead = new TaskController({ priority: 'background' });
    const stop = new AbortController();
    const signal = TaskSignal.any([stop.signal, AbortSignal.timeout(1000)], { priority: lead.signal });
    watch('signal', signal);
    lead.setPriority('user-blocking');
    lead.abort();
    expect([host.takeLog(), signal.aborted]).toEqual([['signal: background > user-blocking'], false]);
    stop.abort(1);
    expect(signal.reason).toBe(1);
    lead.setPriority('background');
    expect(host.takeLog()).toEqual(['signal: user-blocking > background']);
    host.runUntilIdleSync();
  });

  it('follows through other followers, each told in the order of its making', () => {
    const lead = new TaskController();
    const signals = [TaskSignal.any([], { priority: lead.signal })];
    for (let i = 1; i < 4; i++) signals.push(TaskSignal.any([], { priority: signals[i - 1] as TaskSignal }));
    signals.forEach((signal, index) => watch(String(index), signal));
    lead.setPriority('background');
    expect(host.takeLog()).toEqual(signals.map((_, index) => `${String(index)}: user-visible > background`));
  });

  it('of a signal with a fixed priority is fixed', () => {
    const fixed = TaskSignal.any([], { priority: 'background' });
    const signal = TaskSignal.any([], { priority: fixed });
    expect([signal.priority, hasFixedPriority(signal)]).toEqual(['background', true]);
  });

  it('made during a change has the new priority and hears of the next', () => {
    const lead = new TaskController();
    let late: TaskSignal | undefined;
    lead.signal.addEventListener(
      'prioritychange',
      () => {
        late = TaskSignal.any([], { priority: lead.signal });
        watch('late', late);
      },
      { once: true },
    );
    lead.setPriority('background');
    expect(late?.priority).toBe('background');
    lead.setPriority('user-blocking');
    expect(host.takeLog()).toEqual(['late: background > user-blocking']);
  });

  it('reads its arguments in order, and makes nothing when it refuses one', () => {
    const { signal } = new AbortController();
    const options = {
      get priority(): TaskPriority {
        host.note('priority');
        return 'urgent' as TaskPriority;
      },
    };
    expect(() => TaskSignal.any([null as never], options)).toThrow(TypeError);
    expect(host.takeLog()).toEqual([]);
    expect(() => TaskSignal.any([signal], options)).toThrow("'urgent'");
    expect(host.takeLog()).toEqual(['priority']);
    expect(signalState(signal).dependents).toBe(null);
    expect(() => Reflect.apply(TaskSignal.any, TaskSignal, [])).toThrow(TypeError);
  });

  it('does not take a plain AbortSignal for a priority', () => {
    expect(() => TaskSignal.any([], { priority: new AbortController().signal as never })).toThrow(TypeError);
  });

  it('is kept by its leader while somebody listens, and not otherwise', () => {
    const lead = new TaskController();
    const signal = TaskSignal.any([], { priority: lead.signal });
    const link = signalState(signal);
    expect(link.holds).toBe(0);
    const dispose = addPriorityAlgorithm(signal, () => undefined);
    signal.onprioritychange = () => undefined;
    expect([link.holds, link.link?.pinned]).toEqual([2, signal]);
    dispose();
    signal.onprioritychange = null;
    expect([link.holds, link.link?.pinned]).toEqual([0, null]);
  });
});

describe('inherited statics', () => {
  it('make plain signals', () => {
    expect(TaskSignal.abort()).not.toBeInstanceOf(TaskSignal);
    expect(() => Reflect.get(TaskSignal.prototype, 'priority', AbortSignal.abort())).toThrow(TypeError);
  });
});

describe('addPriorityAlgorithm', () => {
  it('runs at each change before the listeners, until it is taken back', () => {
    const controller = new TaskController();
    watch('event', controller.signal);
    const dispose = addPriorityAlgorithm(controller.signal, () =>
      host.note(`algorithm ${controller.signal.priority}`),
    );
    controller.setPriority('background');
    dispose();
    controller.setPriority('user-blocking');
    expect(host.takeLog()).toEqual([
      'algorithm background',
      'event: user-visible > background',
      'event: background > user-blocking',
    ]);
  });

  it('that throws is reported and stops nothing', () => {
    const controller = new TaskController();
    const failure = new Error('algorithm');
    addPriorityAlgorithm(controller.signal, () => {
      throw failure;
    });
    watch('event', controller.signal);
    controller.setPriority('background');
    expect([host.takeErrors(), host.takeLog()]).toEqual([[failure], ['event: user-visible > background']]);
  });
});

/** A task signal as a platform has it: known by its public members alone. */
class ForeignSignal extends globalThis.EventTarget {
  readonly aborted = false;
  added = 0;
  constructor(public priority: TaskPriority) {
    super();
  }
  override addEventListener(...values: Parameters<globalThis.EventTarget['addEventListener']>): void {
    this.added++;
    super.addEventListener(...values);
  }
  set(priority: TaskPriority): void {
    this.priority = priority;
    this.dispatchEvent(new globalThis.Event('prioritychange'));
  }
}

describe('a foreign task signal', () => {
  it('is known by its members', () => {
    expect(isTaskSignal(new ForeignSignal('background'))).toBe(true);
    for (const value of [AbortSignal.abort(), { priority: 'background' }, null, 'background'])
      expect(isTaskSignal(value)).toBe(false);
  });

  it('is followed, with one listener for a kind of event', () => {
    const foreign = new ForeignSignal('background');
    const signals = [1, 2, 3].map(() => TaskSignal.any([], { priority: foreign }));
    signals.forEach((signal, index) => watch(String(index), signal));
    addPriorityAlgorithm(foreign, () => host.note('algorithm'));
    foreign.set('user-blocking');
    const changes = [0, 1, 2].map((index) => `${String(index)}: background > user-blocking`);
    expect(host.takeLog()).toEqual(['algorithm', ...changes]);
    expect(foreign.added).toBe(2);
  });
});

describe('TaskPriorityChangeEvent', () => {
  it('needs a type and a previous priority', () => {
    const event = new TaskPriorityChangeEvent('x', { previousPriority: 'background', cancelable: true });
    expect([event.type, event.previousPriority, event.cancelable]).toEqual(['x', 'background', true]);
    const make = (...values: unknown[]) => Reflect.construct(TaskPriorityChangeEvent, values) as unknown;
    for (const values of [[], ['x'], ['x', {}], ['x', null], ['x', { previousPriority: 'urgent' }], ['x', 1]])
      expect(() => make(...values)).toThrow(TypeError);
  });
});

/** A model: a follower's priority is its root's, or fixed; a change tells the root, then its followers in order. */
const step = fc.oneof(
  fc.record({ do: fc.constant('lead' as const), to: fc.constantFrom(...taskPriorities) }),
  fc.record({ do: fc.constant('follow' as const), whom: fc.nat(20) }),
  fc.record({ do: fc.constant('fix' as const), to: fc.constantFrom(...taskPriorities) }),
  fc.record({ do: fc.constant('set' as const), whom: fc.nat(20), to: fc.constantFrom(...taskPriorities) }),
);

it('random followers have the priorities that the model says', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 50 }), (steps) => {
      const controllers: TaskController[] = [];
      const made: { signal: TaskSignal; root: number | null; priority: TaskPriority }[] = [];
      const expected: string[] = [];
      const add = (signal: TaskSignal, root: number | null, priority: TaskPriority) => {
        watch(String(made.length), signal);
        made.push({ signal, root, priority });
      };
      for (const each of steps) {
        if (each.do === 'lead') {
          const controller = new TaskController({ priority: each.to });
          add(controller.signal, controllers.length, each.to);
          controllers.push(controller);
        } else if (each.do === 'fix') {
          add(TaskSignal.any([], { priority: each.to }), null, each.to);
        } else if (each.do === 'follow' && made.length > 0) {
          const whom = made[each.whom % made.length] as (typeof made)[number];
          add(TaskSignal.any([], { priority: whom.signal }), whom.root, whom.priority);
        } else if (each.do === 'set' && controllers.length > 0) {
          const root = each.whom % controllers.length;
          controllers[root]?.setPriority(each.to);
          for (const [index, one] of made.entries()) {
            if (one.root !== root || one.priority === each.to) continue;
            expected.push(`${String(index)}: ${one.priority} > ${each.to}`);
            one.priority = each.to;
          }
        }
        expect(made.map(({ signal }) => signal.priority)).toEqual(made.map(({ priority }) => priority));
      }
      expect(host.takeLog()).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});
