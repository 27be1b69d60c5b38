/** The slice suite, the part that is printed. */
import type { SuiteReport } from '../../report/report.js';
import { referenceName } from './subjects.js';

const columns = [
  { metric: 'total', title: 'all tasks' },
  { metric: 'slices', title: 'slices' },
  { metric: 'p50', title: 'gap, p50' },
  { metric: 'p99', title: 'gap, p99' },
];

export const report: SuiteReport = {
  title: 'slice',
  reference: referenceName,
  peers: { having: ['peer'], without: [] },
  claims: [],
  tables: [
    {
      workload: 'quiet',
      title: '20,000 tasks of 5 µs, nobody else wants the thread: ms in all and between slices',
      columns,
      ratioOf: 'total',
    },
    {
      workload: 'busy',
      title: 'The same, while others take 20 ms of each turn',
      columns,
      ratioOf: 'total',
    },
  ],
};
