/** The go suite, the part that is printed. */
import type { SuiteReport, TableSpec } from '../../report/report.js';
import { claims } from './claims.js';
import { plainName } from './peers/plain.js';
import { growthCounts, growthWorkload } from './workloads/growth.js';
import { messageWorkloads } from './workloads/messages.js';
import { SLEEPERS, bytesWorkload, sleepersWorkload } from './workloads/sleepers.js';

const sleepers = SLEEPERS.toLocaleString('en');

const messageTables = messageWorkloads.map(({ name, title }): TableSpec => ({
  workload: name,
  title,
  columns: [
    { metric: 'cost', title: 'cost' },
    { metric: 'rate', title: 'in a millisecond' },
  ],
  ratioOf: 'cost',
}));

export const report: SuiteReport = {
  title: 'go',
  reference: plainName,
  peers: { having: ['peer'], without: [] },
  claims,
  tables: [
    {
      workload: sleepersWorkload,
      title: `${sleepers} routines that sleep for 1 s and end, ms; timers of the host that were armed`,
      columns: [
        { metric: 'over', title: 'over 1 s' },
        { metric: 'started', title: 'until all sleep' },
        { metric: 'timers', title: 'timers' },
      ],
      ratioOf: 'over',
    },
    {
      workload: bytesWorkload,
      title: `Heap of ${sleepers} routines that sleep, bytes each`,
      columns: [{ metric: 'bytes', title: 'bytes' }],
      ratioOf: 'bytes',
    },
    ...messageTables,
    {
      workload: growthWorkload,
      title: 'Start, sleep and end, ns a routine, the wait left out; with so many at once',
      columns: growthCounts.map((count) => ({ metric: String(count), title: count.toLocaleString('en') })),
    },
  ],
};
