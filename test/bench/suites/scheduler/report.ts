/** The scheduler suite, the part that is printed. */
import type { SuiteReport, TableSpec } from '../../report/report.js';
import { runWorkload } from './bench.js';
import { claims } from './claims.js';
import { referenceName } from './peers/limits.js';
import { fullPlan } from './plan.js';
import { bytesWorkload } from './workloads/bytes.js';
import { cancelSizes, cancelWorkload } from './workloads/cancel.js';
import { gapsWorkload } from './workloads/gaps.js';
import { latencyWorkload } from './workloads/latency.js';
import { yieldsWorkload } from './workloads/yields.js';

const runTables = fullPlan.run.map(({ count }): TableSpec => ({
  workload: runWorkload(count),
  title: `Schedule and run ${count.toLocaleString('en')} empty tasks, ns a task`,
  columns: [
    { metric: 'post', title: 'post' },
    { metric: 'run', title: 'run' },
    { metric: 'last', title: 'until the last ran' },
    { metric: 'all', title: 'until all awaited' },
  ],
  ratioOf: 'all',
}));

const cancelTables = cancelSizes.map((count): TableSpec => ({
  workload: cancelWorkload(count),
  title: `Cancel every second of ${count.toLocaleString('en')} queued tasks, µs each`,
  columns: [{ metric: 'cost', title: 'cost' }],
}));

export const report: SuiteReport = {
  title: 'scheduler',
  reference: referenceName,
  peers: { having: ['priorities'], without: ['own', 'limit'] },
  claims,
  tables: [
    ...runTables,
    {
      workload: yieldsWorkload,
      title: 'One yield, µs; turns of others in 1,000 yields',
      columns: [
        { metric: 'cost', title: 'cost' },
        { metric: 'turns', title: 'turns' },
      ],
    },
    ...cancelTables,
    {
      workload: bytesWorkload,
      title: 'Heap of 100,000 queued tasks, bytes a task',
      columns: [{ metric: 'bytes', title: 'bytes' }],
      ratioOf: 'bytes',
    },
    {
      workload: gapsWorkload,
      title: '100,000 tasks of 2 to 10 µs: time without a turn of others, ms',
      columns: [
        { metric: 'p99', title: 'p99' },
        { metric: 'longest', title: 'longest' },
        { metric: 'total', title: 'all tasks' },
      ],
    },
    {
      workload: latencyWorkload,
      title:
        'User-blocking task while 10,000 of the background wait: its wait, ms; background work done, % of the time',
      columns: [
        { metric: 'queued', title: 'p50 once posted' },
        { metric: 'p50', title: 'p50' },
        { metric: 'p99', title: 'p99' },
        { metric: 'max', title: 'max' },
        { metric: 'busy', title: 'work done' },
      ],
    },
  ],
};
