/** The rpc suite, the part that is printed. */
import type { SuiteReport } from '../../report/report.js';
import { claims } from './claims.js';
import { rawName } from './peers/raw.js';
import { workloads } from './workloads.js';

export const report: SuiteReport = {
  title: 'rpc',
  reference: rawName,
  peers: { having: ['peer'], without: [] },
  claims,
  tables: workloads.map(({ name, title }) => ({
    workload: name,
    title,
    columns: [
      { metric: 'cost', title: 'cost' },
      { metric: 'rate', title: 'a second' },
    ],
    ratioOf: 'cost',
  })),
};
