/** Messages of calls that were spoiled on the way: none may harm anything but itself. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { protocolVersion } from '../../src/channel/protocol.js';
import type { Envelope } from '../../src/channel/protocol.js';
import { AbortController } from '../../src/core/abort.js';
import { LanesError } from '../../src/core/errors.js';
import type { Pipe, PipeEvents } from '../../src/host/pipe.js';
import { currentCall } from '../../src/rpc/call-context.js';
import { expose, provide } from '../../src/rpc/expose.js';
import { proxy, transfer } from '../../src/rpc/marks.js';
import { withOptions } from '../../src/rpc/remote.js';
import { callStats, wrap } from '../../src/rpc/wrap.js';
import type { WorkerScope } from '../../src/worker/worker-scope.js';
import { mutations, spoil } from '../channel/hostile-mutations.js';
import type { SentFrame } from '../channel/hostile-mutations.js';
import { runs, timeoutMs } from '../deep/scale.js';
import { scopeOf } from '../worker/stage.js';
import { CallStage, collect, watched } from './call-stage.js';
import type { Watched } from './call-stage.js';

const stage = CallStage.perTest();

function createApi() {
  return {
    value: 1,
    echo: (value: unknown) => value,
    inner: { twice: (n: number) => 2 * n },
    Thing: class {
      n = 1;
      add(by: number): number {
        return (this.n += by);
      }
    },
    fail(): never {
      throw Object.assign(new TypeError('why', { cause: new Error('because') }), { code: 'E' });
    },
    async use(callback: (n: number) => unknown, options: { signal?: object; rows?: AsyncIterable<number> }) {
      currentCall()?.progress({ at: 1 });
      const rows = options.rows === undefined ? [] : await collect(options.rows);
      return [await callback(rows.length)];
    },
    async *count(end: number) {
      for (let n = 0; n < Math.min(end, 1000); n++) yield n;
    },
    open: () => proxy({ name: () => 'here' }),
  };
}

type Api = ReturnType<typeof createApi>;

/** Makes a call of each sort. */
async function makeCalls(remote: ReturnType<typeof wrap<Api>>): Promise<void> {
  const controller = new AbortController();
  const { signal } = controller;
  const buffer = new ArrayBuffer(16);
  async function* rows(): AsyncGenerator<number> {
    yield* [1, 2, 3];
  }
  const told = withOptions(remote, {
    onProgress: () => undefined,
    timeoutMs: 1000,
    priority: 'background',
    metadata: { trace: 'abc' },
  });
  const calls: PromiseLike<unknown>[] = [
    remote.echo({ a: [1, new Map([[1, new Date(0)]])] }),
    remote.echo(transfer(buffer, [buffer])),
    remote.inner.twice(4),
    remote.value as unknown as Promise<number>,
    remote.fail(),
    new remote.Thing(),
    told.use((n) => n, { signal: signal as never, rows: rows() }),
    remote.use(
      proxy((n: number) => n),
      {},
    ),
    remote.open(),
  ];
  (remote as unknown as { value: number }).value = 2;
  const settled = Promise.allSettled(calls);
  const reading = watched((async () => collect((await remote.count(300)) as AsyncIterable<number>))());
  const left = await stage.valueOf(remote.count(1000));
  await stage.valueOf((left as AsyncGenerator<number>).next());
  await stage.valueOf((left as AsyncGenerator<number>).return(undefined));
  const aborted = watched(withOptions(remote, { signal }).count(5));
  await stage.host.runUntilIdle();
  controller.abort(new Error('enough'));
  await settled;
  reading.value();
  aborted.value();
}

/** What two ends say to each other that call each other: every frame with messages of calls. */
async function recordTraffic(carrier: 'json' | 'buffers'): Promise<SentFrame[]> {
  const sent: Envelope[] = [];
  const { worker, scopes, remote } = stage.startWorker(() => createApi(), {
    carrier,
    faults: ({ message }) => void sent.push(message as Envelope),
  });
  expose(createApi(), worker);
  await makeCalls(remote);
  await makeCalls(wrap<Api>(scopes[0]!));
  worker.terminate();
  await stage.host.runUntilIdle();
  return sent.flatMap(framesOf);
}

/** Each message of a call in a frame of its own. */
function framesOf({ text, buffers }: Envelope): SentFrame[] {
  return (JSON.parse(text) as unknown[][]).flatMap((frame): SentFrame[] => {
    if (frame[0] === 'ctl') {
      const [, port, session, ...fields] = frame;
      const items = Array.from({ length: fields.length / 6 }, (_, at) => fields.slice(6 * at, 6 * at + 6));
      return items.map((item) => ({ text: JSON.stringify(['ctl', port, session, ...item]), buffers: [] }));
    }
    if (frame[0] !== 'more') return [];
    const [first, count] = frame.slice(4, 6) as [number, number];
    frame[4] = 0;
    return [{ text: JSON.stringify(frame), buffers: buffers.slice(first, first + count) }];
  });
}

/** The frame as if it were of `session`, through the implicit port. */
function addressed({ text, buffers }: SentFrame, session: string): SentFrame {
  const frame = JSON.parse(text) as unknown[];
  frame[1] = '0';
  if (frame[0] === 'ctl') frame[2] = session;
  else ((frame[2] as { head?: unknown[] }).head ?? [])[0] = session;
  return { text: JSON.stringify(frame), buffers };
}

/** An end that exposes and calls, and whose other end is the test's. */
class Target {
  readonly scope: WorkerScope;
  /** Its own calls, which nobody has answered. */
  readonly calls: Watched<unknown>[];
  /** The session of its own calls. */
  session = '';
  private readonly sent: string[] = [];
  private events: PipeEvents | null = null;
  private nextId = 1;

  constructor() {
    const pipe: Pipe = {
      traits: { binary: true, transfer: false, bare: false },
      send: (message) => void this.sent.push((message as Envelope).text),
      listen: (events) => void (this.events = events),
      close: () => undefined,
    };
    this.scope = scopeOf(pipe);
    expose(createApi(), this.scope);
    provide('named', createApi(), this.scope);
    this.receive(`[["hello",${protocolVersion},"test"]]`);
    const remote = wrap<Api>(this.scope);
    const { signal } = new AbortController();
    this.calls = [
      ...[1, 2, 3].map((n) => watched(remote.echo(n))),
      watched(withOptions(remote, { onProgress: () => undefined, signal }).use((n) => n, {})),
      watched((async () => collect((await remote.count(5)) as AsyncIterable<number>))()),
    ];
    stage.host.runUntilIdleSync();
    [, this.session = ''] = /\["ctl","0","([^"]+)","call"/.exec(this.sent.join()) ?? [];
    expect(this.session).not.toBe('');
  }

  receive(text: string, buffers: readonly unknown[] = []): void {
    this.events?.message({ mpLanes: protocolVersion, text, buffers });
    stage.host.runUntilIdleSync();
  }

  /** Whether good calls are still answered. */
  answers(): boolean {
    this.sent.length = 0;
    const id = this.nextId++;
    this.receive(`[["ctl","0","good","call",${id},"","echo",0,["hello ${id}"]]]`);
    return this.sent.join().includes(`"done",${id},0,0,0,"hello ${id}"`);
  }

  /** The thread at the other end is gone: nothing waits, nothing is held. */
  async end(): Promise<void> {
    this.events?.end(new Error('gone'));
    await stage.host.runUntilIdle();
    for (const call of this.calls) expect(call.state).not.toBe('pending');
    expect(callStats(this.scope)).toMatchObject({ pending: 0, running: 0, callbacks: 0, streams: 0 });
  }
}

const builtIns = [Object, Array, Map, Set, Function, String, Number, Error, Promise, ArrayBuffer, Date];

/** Every own property of the built-ins and of their prototypes. */
function pictureOfBuiltIns(): unknown[] {
  return builtIns.flatMap((type) => [
    ...Object.values(Object.getOwnPropertyDescriptors(type.prototype)).flatMap(Object.values),
    ...Reflect.ownKeys(type.prototype),
    ...Reflect.ownKeys(type),
  ]);
}

const maxMs = 250;

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('a message of a call that was spoiled', () => {
  it(
    'never throws, hangs or pollutes, and harms no other call (property)',
    async () => {
      const frames = [...(await recordTraffic('buffers')), ...(await recordTraffic('json'))];
      expect(new Set(frames.map(({ text }) => /"(\w+)",\d/.exec(text)?.[1])).size).toBeGreaterThan(8);
      const before = pictureOfBuiltIns();
      let target = new Target();
      let served = 0;
      await fc.assert(
        fc.asyncProperty(fc.nat(), fc.nat(), mutations, async (which, whose, plan) => {
          if (++served % 50 === 0) {
            await target.end();
            target = new Target();
          }
          const session = [target.session, 'v1', 'v2'][whose % 3] as string;
          const recorded = frames[which % frames.length] as SentFrame;
          const { text, buffers } = spoil(addressed(recorded, session), plan, ['0']);
          // A goodbye, or another version, is another matter.
          if (/"(bye|hello)"/.test(text) || !isJson(`[${text}]`)) return;
          const startMs = performance.now();
          target.receive(`[${text}]`, buffers);
          expect(performance.now() - startMs, text.slice(0, 500)).toBeLessThan(4 * maxMs);
          await Promise.resolve();
          for (const error of stage.host.takeErrors())
            expect(LanesError.is(error) ? error.code : error, text.slice(0, 500)).toBe('ERR_PROTOCOL');
          expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
          if (!text.includes('"good"')) expect(target.answers(), text.slice(0, 500)).toBe(true);
        }),
        { ...runs(2000, 200_000), endOnFailure: true },
      );
      await target.end();
      stage.host.takeErrors();
      stage.host.takeLog();
      expect(pictureOfBuiltIns()).toEqual(before);
    },
    timeoutMs,
  );

  it.each([
    ['a path that is none', '"call",1,"",5,0,[]'],
    ['a path that is too long', `"call",1,"",${JSON.stringify(Array(65).fill('a'))},0,[]`],
    ['a target that is none', '"call",1,null,"echo",0,[]'],
    ['a target that is negative', '"call",1,-1,"echo",0,[]'],
    ['extras that are none', '"call",1,"","echo","extras",[]'],
    ['a rank that is none', '"call",1,"","echo",{"rank":3},[]'],
    ['a time-out that is none', '"call",1,"","echo",{"runMs":"5"},[]'],
    ['metadata that is none', '"call",1,"","echo",{"metadata":{"a":1}},[]'],
    ['marks that are none', '"call",1,"","echo",{"marks":[[0,null,"other",1]]},[1]'],
    ['a mark of no place', '"call",1,"","echo",{"marks":[[-1,null,"function",1]]},[1]'],
    ['arguments that are none', '"call",1,"","echo",0,5'],
    ['arguments that do not decode', '"call",1,"","echo",0,{"~":["~7"]}'],
    ['a buffer that did not come', '"call",1,"","echo",0,{"~":[["~1"],"~b0"]}'],
    ['no property', '"get",1,"",null,0,[]'],
    ['no class', '"new",1,"",{},0,[]'],
    ['no value to set', '"set",1,"","value",0,7'],
  ])('is refused where it asks with %s, and the caller is told', (_what, item) => {
    const target = new Target();
    const sent = sentBy(target, `[["ctl","0","v1",${item}]]`);
    expect(sent).toMatch(/"fail",1,0,0,0,/);
    expect(sent).toMatch(/ERR_PROTOCOL|DataCloneError/);
    stage.host.takeErrors();
    expect(target.answers()).toBe(true);
  });

  it.each([
    ['marks that are none', '"done",ID,"marks",0,0,1'],
    ['a result that does not decode', '"done",ID,0,0,0,{"~":["~7"]}'],
    ['an error that does not decode', '"fail",ID,0,0,0,{"~":["~7"]}'],
  ])('is refused where it answers with %s, and the call rejects', async (_what, item) => {
    const target = new Target();
    target.receive(`[["ctl","0","${target.session}",${item.replace('ID', '2')}]]`);
    await stage.host.runUntilIdle();
    expect(target.calls[1]!.error()).toMatchObject({ code: 'ERR_PROTOCOL' });
    stage.host.takeErrors();
  });

  it('makes an error of whatever an error is said to be', async () => {
    const bodies = [
      'null',
      '5',
      '{}',
      '{"kind":"error"}',
      '{"kind":"error","name":5,"message":[],"stack":{},"fields":7,"cause":{"kind":5}}',
      '{"kind":"dom","name":"__proto__","message":"x"}',
      '{"kind":"lanes","name":"constructor","fields":{"code":"__proto__"}}',
      '{"kind":"error","name":"toString","fields":{"__proto__":{"polluted":1},"constructor":1,"then":2}}',
      '{"kind":"error","type":"__proto__","data":1}',
    ];
    for (const body of bodies) {
      const target = new Target();
      target.receive(`[["ctl","0","${target.session}","fail",2,0,0,0,${body}]]`);
      await stage.host.runUntilIdle();
      expect(target.calls[1]!.state, body).toBe('rejected');
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    }
  });

  it('is reported once, however many there are, and counted', () => {
    const target = new Target();
    for (let n = 0; n < 100; n++) target.receive('[["ctl","0","v1","nothing",1,2,3,4,5]]');
    expect(stage.host.takeErrors()).toEqual([
      expect.objectContaining({ code: 'ERR_PROTOCOL', value: 'nothing' }),
    ]);
    expect(callStats(target.scope).faults).toBe(100);
  });

  it('costs the messages beside it nothing', () => {
    const target = new Target();
    const good = (id: number): string => `"call",${id},"","echo",0,["good ${id}"]`;
    const sent = sentBy(target, `[["ctl","0","v1",${good(1)},"call",2,"",5,0,[],${good(3)}]]`);
    expect(sent).toContain('"done",1,0,0,0,"good 1"');
    expect(sent).toContain('"fail",2,');
    expect(sent).toContain('"done",3,0,0,0,"good 3"');
    stage.host.takeErrors();
  });

  it('of something that was never there does nothing', () => {
    const target = new Target();
    const before = callStats(target.scope);
    for (const op of [
      'done',
      'void',
      'fail',
      'note',
      'free',
      'stop',
      'wait',
      'start',
      'pull',
      'item',
      'last',
      'abort',
    ])
      for (const session of [target.session, 'v1'])
        for (const second of [0, 1, 1e15]) {
          const first = op === 'start' ? '[99]' : '99';
          target.receive(
            `[["ctl","0","${session}","${op}",${first},${op === 'item' || op === 'done' ? 0 : second},0,0,0]]`,
          );
        }
    expect(callStats(target.scope)).toMatchObject({ ...before, faults: expect.any(Number) as number });
    stage.host.takeErrors();
    expect(target.answers()).toBe(true);
  });

  it('cannot open sessions without end', () => {
    const target = new Target();
    for (let n = 0; n < 300; n++) target.receive(`[["ctl","0","s${n}","call",1,"","echo",0,[1]]]`);
    const sent = sentBy(target, '[["ctl","0","late","call",1,"","echo",0,[1]]]');
    expect(sent).toMatch(/"late","fail",1,.*ERR_CALL_LIMIT/);
  });
});

/** What `target` says to what it receives. */
function sentBy(target: Target, text: string): string {
  const { sent } = target as unknown as { sent: string[] };
  sent.length = 0;
  target.receive(text);
  return sent.join();
}
