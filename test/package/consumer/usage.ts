/** What a user writes; compiled against the packed types under every module resolution, never run. */
import {
  AbortController,
  MessageChannel,
  TaskController,
  Worker,
  proxy,
  release,
  scheduler,
  structuredClone,
  transfer,
  wrap,
} from 'mp-lanes';
import { TaskScope, taskBehavior, withTasks } from 'mp-lanes/page';
import { createVirtualHost } from 'mp-lanes/testing';
import { expose, self } from 'mp-lanes/worker';

interface City {
  readonly name: string;
  readonly population: number;
}

interface SearchApi {
  search(
    query: string,
    options?: { signal?: AbortController['signal']; onProgress?: (done: number) => void },
  ): City[];
  count: number;
}

export async function scheduled(): Promise<number> {
  const controller = new TaskController({ priority: 'background' });
  controller.setPriority('user-visible');
  const sum = await scheduler.postTask(() => 1 + 1, { priority: 'user-blocking', delay: 10 });
  const text = await scheduler.postTask(
    function* () {
      for (let at = 0; at < 10; at++) yield;
      return 'done';
    },
    { signal: controller.signal },
  );
  if (scheduler.shouldYield()) await scheduler.yield();
  // @ts-expect-error: there is no such priority
  await scheduler.postTask(() => 1, { priority: 'urgent' });
  return sum + text.length;
}

export async function called(): Promise<readonly City[]> {
  const worker = new Worker('workers/index.js');
  const channel = new MessageChannel();
  worker.postMessage({ type: 'connect', port: channel.port1 }, [channel.port1]);
  channel.port2.onmessage = (event) => void event.data;
  await worker.ready;
  const state: 'idle' | 'starting' | 'ready' | 'restarting' | 'inline' | 'failed' | 'closed' = worker.state;
  const api = wrap<SearchApi>(worker);
  const controller = new AbortController();
  const rows: City[] = await api.search(state, {
    signal: controller.signal,
    onProgress: proxy((done: number) => void done),
  });
  // @ts-expect-error: a query is text
  await api.search(1);
  release(api);
  return structuredClone(transfer(rows, []));
}

export const page = withTasks({
  data: { rows: [] as City[] },
  async onLoad(query) {
    const name: string | undefined = query['name'];
    const rows: City[] = await this.tasks.map([name ?? ''], (each) => ({ name: each, population: 1 }));
    this.setData({ rows, 'rows[0].population': this.total() });
    // @ts-expect-error: rows are no number
    this.setData({ rows: 1 });
    // @ts-expect-error: the page has no such member
    this.missing();
  },
  total(): number {
    return this.data.rows.length;
  },
});

export async function scoped(): Promise<number> {
  const tasks = new TaskScope();
  const { signal } = tasks;
  const sum: Promise<number> = tasks.reduce([1, 2], (result, item) => result + item, 0, { signal });
  taskBehavior.lifetimes.created.call({ tasks });
  // @ts-expect-error: there is no such priority
  tasks.scheduleTask(() => undefined, 'urgent');
  return (await sum) + page.total();
}

export function inWorker(): void {
  expose({ search: (query: string) => [{ name: query, population: 1 }], count: 1 });
  self.onmessage = (event) => self.postMessage(event.data);
}

export const host = createVirtualHost();
