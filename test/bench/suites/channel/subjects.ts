/** Who carries the messages. Tags: `limit` is the host's own `postMessage`, `native` its ports, `own` is ours. */
import type { Kit, RawPipe, Threads } from '../../harness/kit.js';
import type { SubjectInfo } from '../../harness/result.js';
import { OneAtATime, connected } from '../../harness/turns.js';
import type { Reachable } from '../../harness/turns.js';
import { lanesPipe } from './lanes-pipe.js';
import { Line } from './line.js';

export const referenceName = 'raw postMessage';
export const nativePortName = 'native MessagePort';
export const portName = 'mp-lanes MessagePort';
export const workerName = 'mp-lanes Worker';
export const ownNames = [portName, workerName];

export const subjects: readonly SubjectInfo[] = [
  { name: referenceName, tags: ['limit'] },
  { name: nativePortName, tags: ['native'] },
  { name: portName, tags: ['own'] },
  { name: workerName, tags: ['own'] },
];

/** The lines of a subject: the one that is measured, and as many as there are ports. */
export interface Connected {
  readonly name: string;
  readonly line: Line;
  readonly many: readonly Line[];
}

/** Two threads, one without us and one with, and the lines to both; each line's far end has answered. */
export async function connectAll(kit: Kit, ports: number, warmUps: number): Promise<Reachable<Connected>[]> {
  const { threads } = kit;
  if (threads === null) throw new Error('this host has no second thread for a suite');
  if (!threads.areMany) return oneByOne(threads, ports, warmUps);
  const all = [...(await connectRaw(threads, ports)), ...(await connectLanes(threads, ports))];
  return all.map((subject) => connected(subject.name, subject));
}

/** Without native ports, which only come with threads of which there can be many. */
function oneByOne(threads: Threads, ports: number, warmUps: number): Reachable<Connected>[] {
  const turns = new OneAtATime(warmUps);
  const raw = turns.reachable(referenceName, (began) => {
    const line = new Line(threads.start('raw'));
    began(() => threads.end());
    return Promise.resolve({ name: referenceName, line, many: [line] });
  });
  const own = ownNames.map((name) =>
    turns.reachable(name, async (began) => {
      const both = await connectLanes(threads, ports, began);
      return both.find((each) => each.name === name) as Connected;
    }),
  );
  return [raw, ...own];
}

async function connectRaw(threads: Threads, ports: number): Promise<Connected[]> {
  const line = new Line(threads.start('raw'));
  const many = await openPorts(line, ports, () => threads.channel());
  return [
    { name: referenceName, line, many: [line] },
    { name: nativePortName, line: many[0] as Line, many },
  ];
}

async function connectLanes(
  threads: Threads,
  ports: number,
  began: (close: () => void) => void = () => undefined,
): Promise<Connected[]> {
  const { MessageChannel, Worker } = await import('mp-lanes');
  const worker = new Worker(threads.urlOf('lanes'));
  began(() => worker.terminate());
  await worker.ready;
  const line = new Line(lanesPipe(worker));
  const many = await openPorts(line, ports, () => {
    const { port1, port2 } = new MessageChannel();
    return { near: lanesPipe(port1), far: port2 };
  });
  return [
    { name: portName, line: many[0] as Line, many },
    { name: workerName, line, many: [line] },
  ];
}

async function openPorts(
  line: Line,
  count: number,
  channel: () => { readonly near: RawPipe; readonly far: unknown },
): Promise<Line[]> {
  const lines: Line[] = [];
  while (lines.length < count) {
    const { near, far } = channel();
    lines.push(new Line(near));
    await line.order({ name: 'serve', port: far }, [far]);
  }
  return lines;
}
