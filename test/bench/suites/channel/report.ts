/** The channel suite, the part that is printed. */
import type { SuiteReport } from '../../report/report.js';
import { claims } from './claims.js';
import { referenceName } from './subjects.js';
import { bursts, trips } from './workloads.js';

export const report: SuiteReport = {
  title: 'channel',
  reference: referenceName,
  peers: { having: ['native'], without: [] },
  claims,
  tables: [
    ...bursts.map(({ name, title }) => ({
      workload: name,
      title: `One way, ${title}: µs a message until the other thread has said that it has the last`,
      columns: [
        { metric: 'post', title: 'posting' },
        { metric: 'cost', title: 'in all' },
      ],
      ratioOf: 'cost',
    })),
    ...trips.map(({ name, title }) => ({
      workload: name,
      title: `Round trip of ${title}, µs`,
      columns: [{ metric: 'cost', title: 'cost' }],
      ratioOf: 'cost',
    })),
  ],
};
