/** The pool suite, the part that is printed. */
import { atLeast } from '../../report/judgements.js';
import type { SuiteReport } from '../../report/report.js';
import { workload } from './plan.js';
import { allName, oneName, referenceName } from './subjects.js';

const SPEED_UP = 1.7;

export const report: SuiteReport = {
  title: 'pool',
  reference: referenceName,
  peers: { having: ['peer'], without: [] },
  claims: [
    {
      text: 'two threads and this one are 1.7 times as fast as one thread (two cores)',
      judge: (results) => atLeast(results.ratio(workload, oneName, allName, 'total'), SPEED_UP, '×'),
    },
    {
      text: 'idle processors steal',
      judge: (results) => atLeast(results.median(workload, allName, 'stolen'), 1, 'jobs'),
    },
  ],
  tables: [
    {
      workload,
      title: '10,000 jobs, nine of ten of 0.05 to 0.5 ms, the tenth of 2 to 5 ms',
      columns: [
        { metric: 'total', title: 'all jobs, ms' },
        { metric: 'stolen', title: 'stolen' },
        { metric: 'inline', title: 'run here' },
      ],
      ratioOf: 'total',
    },
  ],
};
