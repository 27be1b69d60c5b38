/** What is checked within each sample: a figure is worth nothing unless all was evaluated that it is about. */
import type { Outcome } from './measure.js';
import type { Subject } from './subjects.js';

/** @throws Error unless each entry exports something and was evaluated, and all exports were read where they were to be */
export function assertAllRead({ entries, touches }: Subject, { files, touched, exported }: Outcome): void {
  entries.forEach((entry, at) => {
    if (!files.includes(entry)) throw new Error(`${entry} was not evaluated`);
    if ((exported[at] ?? 0) === 0) throw new Error(`${entry} exports nothing`);
  });
  const wanted = touches ? exported.reduce((sum, count) => sum + count, 0) : 0;
  if (touched !== wanted) throw new Error(`${String(touched)} of ${String(wanted)} exports were read`);
}
