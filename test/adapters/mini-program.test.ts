import { describe, expect, it } from 'vitest';
import { createMiniProgramThreads } from '../../src/adapters/mini-program-threads.js';
import { createMiniProgramHost } from '../../src/adapters/mini-program.js';
import { readAmbient } from '../../src/adapters/ambient.js';
import type { MiniProgramApi, MiniProgramWorker } from '../../src/adapters/ambient.js';
import type { HostApp, HostThreads } from '../../src/host/host.js';
import { createFakeMiniProgram } from './fake-mini-program.js';

/** The application over `api`, in this realm: events are fired by hand. */
function createApp(api: MiniProgramApi): HostApp {
  return createMiniProgramHost({ ...readAmbient(), wx: api })!.app;
}

/** The threads over `api`, in this realm. */
function create(api: MiniProgramApi, name: 'wx' | 'my' = 'wx'): HostThreads {
  return createMiniProgramThreads({ ...readAmbient(), [name]: api })!;
}

/** A platform worker that does nothing but hand out its listeners. */
function createSilentWorker() {
  const fire: Record<string, (value?: unknown) => void> = {};
  const sent: unknown[] = [];
  const raw: MiniProgramWorker = {
    postMessage: (message) => void sent.push(message),
    onMessage: (listener) => void (fire['message'] = listener),
    onError: (listener) => void (fire['error'] = listener),
    onProcessKilled: (listener) => void (fire['killed'] = listener),
    terminate: () => void sent.push('terminated'),
  };
  return { raw, fire, sent };
}

const ignore = (): void => undefined;

describe('the worker of a mini-program', () => {
  it('is one at a time: a second is refused with the way out, until the first is closed', () => {
    const threads = create({ createWorker: () => createSilentWorker().raw });
    const first = threads.createWorker('workers/a.js', {});
    expect(() => threads.createWorker('workers/b.js', {})).toThrow(
      expect.objectContaining({
        code: 'ERR_WORKER_BUSY',
        message: expect.stringMatching(/b\.js.*a\.js.*shareWorker\(\).*one worker.*terminate\(\)/) as string,
      }),
    );
    first.close();
    threads.createWorker('workers/b.js', {}).close();
  });

  it.each([true, 1])(
    'is one of several on a client with standard workers (%s), and has buffers moved to it',
    (flag) => {
      const { raw } = createSilentWorker();
      const sent: unknown[][] = [];
      const postMessage = (...args: unknown[]): void => void sent.push(args);
      const threads = create({
        createWorker: () => ({ ...raw, postMessage }),
        env: { isSupportStandardWorker: flag },
      });
      const [first, second] = ['a.js', 'b.js'].map((url) => threads.createWorker(url, {}));
      expect(first!.traits).toEqual({ binary: true, transfer: true, bare: false });
      const bytes = new ArrayBuffer(3);
      first!.send({ bytes }, [bytes]);
      first!.send({ n: 1 }, []);
      second!.send({ n: 2 });
      expect(sent).toEqual([[{ bytes }, [bytes]], [{ n: 1 }], [{ n: 2 }]]);
      first!.close();
      second!.close();
    },
  );

  it('has buffers copied to it where the client refuses the list after all', () => {
    const { raw, sent } = createSilentWorker();
    const worker = create({
      createWorker: () => ({
        ...raw,
        postMessage(message, transfer) {
          if (transfer !== undefined) throw new Error('postMessage:fail invalid argument');
          raw.postMessage(message);
        },
      }),
      env: { isSupportStandardWorker: true },
    }).createWorker('a.js', {});
    const bytes = new ArrayBuffer(3);
    worker.send({ bytes }, [bytes]);
    expect(sent).toEqual([{ bytes }]);
  });

  it.each([undefined, null, {}, { isSupportStandardWorker: false }])(
    'is one, to which buffers are copied, on a client whose env is %j',
    (env) => {
      const { raw, sent } = createSilentWorker();
      const posted: unknown[][] = [];
      const postMessage = (...args: unknown[]): void => void posted.push(args);
      const threads = create({ createWorker: () => ({ ...raw, postMessage }), env });
      const worker = threads.createWorker('a.js', {});
      expect(worker.traits.transfer).toBe(false);
      const bytes = new ArrayBuffer(3);
      worker.send({ bytes }, [bytes]);
      expect(posted).toEqual([[{ bytes }]]);
      expect(() => threads.createWorker('b.js', {})).toThrow(
        expect.objectContaining({ code: 'ERR_WORKER_BUSY' }),
      );
      worker.close();
      expect(sent).toEqual(['terminated']);
    },
  );

  it.each(['throws', 'returns nothing'] as const)('fails to start where the platform %s', (missing) => {
    const threads = create(createFakeMiniProgram({}, missing));
    const start = (): unknown => threads.createWorker('workers/none.js', {});
    expect(start).toThrow(expect.objectContaining({ code: 'ERR_WORKER_START' }));
    // A failed start holds no place.
    expect(start).toThrow(expect.objectContaining({ code: 'ERR_WORKER_START' }));
  });

  it('fails to start on a client without createWorker', () => {
    const start = (): unknown => create({ onAppHide: ignore }).createWorker('workers/a.js', {});
    expect(start).toThrow(expect.objectContaining({ code: 'ERR_WORKER_START' }));
  });

  it('gets useExperimentalWorker only when it is asked for', () => {
    const api = createFakeMiniProgram({ 'a.js': ignore });
    const threads = create(api);
    threads.createWorker('a.js', {}).close();
    threads.createWorker('a.js', { useExperimentalWorker: true }).close();
    expect(api.created.map(({ options }) => options)).toEqual([undefined, { useExperimentalWorker: true }]);
  });

  it('ends with an error when it fails before it said anything, and gives its place back', () => {
    const { raw, fire, sent } = createSilentWorker();
    const threads = create({ createWorker: () => raw });
    const ends: unknown[] = [];
    const worker = threads.createWorker('workers/a.js', {});
    worker.listen({ message: ignore, end: (error) => ends.push(error) });
    fire['error']!({ errMsg: 'module not found' });
    fire['message']!({ late: true });
    expect(ends).toEqual([expect.objectContaining({ code: 'ERR_WORKER_START' })]);
    expect((ends[0] as Error).message).toContain('module not found');
    expect(sent).toEqual(['terminated']);
    threads.createWorker('workers/a.js', {}).close();
  });

  it.each([
    ['an Error', new Error('boom')],
    ['{ message }', { message: 'boom', filename: 'a.js', lineno: 3 }],
    ['{ errMsg }', { errMsg: 'boom' }],
    ['a string', 'boom'],
    ['{ error }', { error: new Error('boom') }],
  ])('tells of an error of a running worker, given as %s', (_kind, payload) => {
    const { raw, fire } = createSilentWorker();
    const worker = create({ createWorker: () => raw }).createWorker('a.js', {});
    const errors: Error[] = [];
    worker.onError((error) => errors.push(error));
    worker.listen({ message: ignore, end: () => errors.push(new Error('ended')) });
    fire['message']!({ hello: 1 });
    fire['error']!(payload);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(Error);
    expect(errors[0]!.message).toBe('boom');
  });

  it('ends as lost when the system kills it, once', () => {
    const { raw, fire } = createSilentWorker();
    const threads = create({ createWorker: () => raw });
    const ends: unknown[] = [];
    const worker = threads.createWorker('a.js', {});
    fire['killed']!();
    fire['killed']!();
    worker.listen({ message: ignore, end: (error) => ends.push(error) });
    expect(ends).toEqual([expect.objectContaining({ code: 'ERR_WORKER_LOST' })]);
    threads.createWorker('b.js', {}).close();
  });

  it('understands clients that wrap what was sent as { message }', () => {
    const { raw, fire } = createSilentWorker();
    const got: unknown[] = [];
    const worker = create({ createWorker: () => raw }).createWorker('a.js', {});
    worker.listen({ message: (message) => got.push(message), end: ignore });
    fire['message']!({ message: { n: 1 } });
    fire['message']!({ n: 2 });
    expect(got).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('is written to in text where the platform damages nested data, and says that it is not binary', () => {
    const { raw, fire, sent } = createSilentWorker();
    const worker = create({ createWorker: () => raw }, 'my').createWorker('a.js', {});
    const got: unknown[] = [];
    worker.listen({ message: (message) => got.push(message), end: ignore });
    worker.send({ rows: [[1], [2]] });
    expect(worker.traits).toEqual({ binary: false, transfer: false, bare: false });
    expect(sent).toEqual([{ 'mp-lanes.json': '{"rows":[[1],[2]]}' }]);
    fire['message']!(sent[0]);
    fire['message']!({ 'mp-lanes.json': '{broken' });
    expect(got).toEqual([{ rows: [[1], [2]] }, { 'mp-lanes.json': '{broken' }]);
  });
});

describe('the application of a mini-program', () => {
  it('tells of background and foreground, each change once, and stops when asked to', () => {
    const api = createFakeMiniProgram({});
    const app = createApp(api);
    const changes: boolean[] = [];
    const stop = app.onHiddenChange((hidden) => changes.push(hidden));
    api.hide();
    api.hide();
    expect(app.hidden).toBe(true);
    api.show();
    stop();
    api.hide();
    expect(changes).toEqual([true, false]);
  });

  it('tells of memory warnings with their level, registered once and with the first listener', () => {
    const api = createFakeMiniProgram({});
    let registered = 0;
    const app = createApp({
      ...api,
      onMemoryWarning(listener) {
        registered++;
        api.onMemoryWarning!(listener);
      },
    });
    expect(registered).toBe(0);
    const levels: unknown[] = [];
    const stop = app.onMemoryWarning((level) => levels.push(level));
    app.onMemoryWarning((level) => levels.push(level))();
    api.warn({ level: 10 });
    api.warn({});
    api.warn();
    stop();
    api.warn({ level: 15 });
    expect(registered).toBe(1);
    expect(levels).toEqual([10, undefined, undefined]);
  });

  it('never tells of one on a client that has none', () => {
    const stop = createApp({ onAppHide: ignore }).onMemoryWarning(() => expect.unreachable());
    expect(stop).not.toThrow();
  });
});
