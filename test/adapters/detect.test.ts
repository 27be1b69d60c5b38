import { describe, expect, it } from 'vitest';
import { loadInContext, plainGlobals } from './vm-context.js';

const api = { createWorker: () => null };
const worker = { postMessage: () => undefined, onMessage: () => undefined };
const self = { addEventListener: () => undefined };

function detect(globals: object, script?: string): string {
  return loadInContext({ ...plainGlobals, ...globals }, script).detectHost().name;
}

describe('detectHost', () => {
  it('finds each mini-program family by its platform object', () => {
    for (const name of ['wx', 'my', 'tt', 'qq', 'swan']) expect(detect({ [name]: api })).toBe(name);
  });

  it('takes a cousin that offers `wx` as an alias for what it is', () => {
    expect(detect({ wx: api, qq: api })).toBe('qq');
  });

  it('does not take the JS-SDK of a web page inside WeChat for a mini-program', () => {
    expect(detect({ wx: { config: () => undefined, miniProgram: {} }, self })).toBe('web');
  });

  it('knows a mini-program without workers by its life cycle', () => {
    expect(detect({ wx: { onAppHide: () => undefined } })).toBe('wx');
  });

  it('finds a mini-program’s worker by the global `worker` alone', () => {
    expect(detect({ worker })).toBe('wx');
  });

  it('prefers the mini-program where DevTools or a preview runs it in a browser', () => {
    expect(detect({ wx: api, self, MessageChannel })).toBe('wx');
    expect(detect({ worker, self })).toBe('wx');
  });

  it('finds Node, and plain ECMAScript', () => {
    expect(detect({ process, self })).toBe('node');
    expect(detect({})).toBe('ecmascript');
  });

  it('survives a globalThis that is null, and one that is missing', () => {
    expect(detect({ tt: api }, 'globalThis = null;')).toBe('tt');
    expect(detect({ tt: api }, 'delete globalThis.globalThis;')).toBe('tt');
  });

  it('sees globals that are hidden by the parameters of a wrapper as missing, and nulls too', () => {
    expect(detect({ wx: null, process: null, self: null, performance: null })).toBe('ecmascript');
  });

  it('does nothing on import: nothing armed, nothing registered, no global written', () => {
    const calls: string[] = [];
    const record = (name: string) => () => void calls.push(name);
    const globals = {
      setTimeout: record('setTimeout'),
      clearTimeout: record('clearTimeout'),
      wx: {
        createWorker: record('createWorker'),
        onAppHide: record('onAppHide'),
        onAppShow: record('onAppShow'),
        onMemoryWarning: record('onMemoryWarning'),
      },
    };
    const { currentRuntime } = loadInContext(globals);
    expect(calls).toEqual([]);
    currentRuntime();
    expect(calls).toEqual(['onAppHide', 'onAppShow']);
  });

  it('registers a worker’s listener with its threads, so that an old iOS client runs the worker', () => {
    let listens = 0;
    loadInContext({
      ...plainGlobals,
      worker: { ...worker, onMessage: () => (listens += 1) },
    }).detectThreads();
    expect(listens).toBe(1);
  });

  it('runs the scheduler in a context that has only ECMAScript, timers and console', async () => {
    const { scheduler } = loadInContext(plainGlobals);
    expect(await scheduler.postTask(() => 7, { delay: 1 })).toBe(7);
  });
});

describe('currentThreads', () => {
  it('gives the environment’s, made once, and only when they are asked for', () => {
    let listens = 0;
    const scope = { ...worker, onMessage: () => (listens += 1) };
    const { currentRuntime, currentThreads } = loadInContext({ ...plainGlobals, worker: scope });
    currentRuntime();
    expect(listens).toBe(0);
    expect(currentThreads()).toBe(currentThreads());
    expect(listens).toBe(1);
  });

  it('gives the own ones of a host that brings any', () => {
    const { createVirtualHost, currentThreads } = loadInContext(plainGlobals);
    const host = createVirtualHost();
    const uninstall = host.install();
    expect(currentThreads()).toBe(host.threads);
    uninstall();
    expect(currentThreads()).not.toBe(host.threads);
  });
});
