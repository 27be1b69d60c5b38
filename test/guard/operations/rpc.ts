/** Calls to another thread, with all that may come with them. */
import { AbortController } from '../../../src/core/abort.js';
import { expose } from '../../../src/rpc/expose.js';
import { withOptions } from '../../../src/rpc/remote.js';
import type { Remote } from '../../../src/rpc/remote-types.js';
import { wrap } from '../../../src/rpc/wrap.js';
import type { Operation } from '../measure.js';
import type { Stage } from '../stage.js';
import { many } from './many.js';

const api = {
  add: (a: number, b: number) => a + b,
  size: (rows: readonly object[]) => rows.length,
  later: async (n: number) => n,
  each: (count: number, callback: (n: number) => unknown) => {
    for (let n = 0; n < count; n++) void callback(n);
  },
  wait: () => new Promise<void>(() => undefined),
  *items(count: number) {
    for (let n = 0; n < count; n++) yield n;
  },
};

type Api = typeof api;

/** What is exposed in the other thread; it was called once, for a session begins with that. */
async function open(stage: Stage): Promise<Remote<Api>> {
  const [near, far] = await stage.openPort();
  expose(api, far);
  const remote = wrap<Api>(near);
  remote.add(1, 2).then(stage.tick);
  await stage.settle();
  return remote;
}

/** So many calls at once. */
function calls(
  name: string,
  times: number,
  keeps: Operation['keeps'],
  once: (remote: Remote<Api>, stage: Stage) => void,
): Operation {
  return many(name, times, keeps, async (stage) => {
    const remote = await open(stage);
    return () => once(remote, stage);
  });
}

const oneByOne: Operation = {
  name: 'call, one after another',
  times: 1_000,
  async prepare(stage) {
    const remote = await open(stage);
    const next = (): void => {
      if (++stage.done < 1_000) remote.add(1, 2).then(next);
    };
    return () => void remote.add(1, 2).then(next);
  },
};

/** Read by hand, for `for await` is rewritten for the engines that mini-programs have. */
const stream: Operation = {
  name: 'item of a stream',
  times: 1_000,
  async prepare(stage) {
    const remote = await open(stage);
    return () =>
      void remote.items(1_000).then((items) => {
        const next = (result?: IteratorResult<number>): void => {
          if (result?.done === true) return;
          if (result !== undefined) stage.done++;
          items.next().then(next);
        };
        next();
      });
  },
};

const callbacks: Operation = {
  name: 'call back',
  times: 1_000,
  async prepare(stage) {
    const remote = await open(stage);
    return () => void remote.each(1_000, stage.tick);
  },
};

export const rpcOperations: readonly Operation[] = [
  calls('call, 1,000 in flight', 1_000, 'queued', (remote, { tick }) => void remote.add(1, 2).then(tick)),
  calls('call with an object', 1_000, 'queued', (remote, { tick }) => {
    remote.size([{ id: 7, name: 'tea' }]).then(tick);
  }),
  calls('call of an async function', 1_000, 'queued', (remote, { tick }) => void remote.later(1).then(tick)),
  many('call with a signal', 1_000, 'queued', async (stage) => {
    const { signal } = new AbortController();
    const remote = withOptions(await open(stage), { signal });
    return () => void remote.add(1, 2).then(stage.tick);
  }),
  many('call that is aborted', 1_000, undefined, async (stage) => {
    const remote = await open(stage);
    return () => {
      const controller = new AbortController();
      withOptions(remote, { signal: controller.signal }).wait().catch(stage.tick);
      controller.abort('enough');
    };
  }),
  many('call with a time-out', 1_000, 'queued', async (stage) => {
    const remote = withOptions(await open(stage), { timeoutMs: 1_000 });
    return () => void remote.add(1, 2).then(stage.tick);
  }),
  oneByOne,
  stream,
  callbacks,
];
