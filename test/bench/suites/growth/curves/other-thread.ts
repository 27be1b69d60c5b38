/** The one other thread of this suite, started when a curve first asks for it. */
import type { Remote, Worker } from 'mp-lanes';
import type { Tools } from '../curve.js';
import type { Far } from '../far-api.js';

export interface OtherThread {
  readonly worker: Worker;
  readonly far: Remote<Far>;
}

let started: Promise<OtherThread> | null = null;

export function urlOfOther({ kit: { threads } }: Tools): string {
  if (threads === null) throw new Error('this host has no second thread for a suite');
  return threads.urlOf('lanes');
}

export function otherThread(tools: Tools): Promise<OtherThread> {
  return (started ??= start(tools));
}

async function start(tools: Tools): Promise<OtherThread> {
  const { Worker, wrap } = tools.lanes;
  const worker = new Worker(urlOfOther(tools));
  await worker.ready;
  return { worker, far: wrap<Far>(worker, { limits: { maxCalls: 1_000_000 } }) };
}
