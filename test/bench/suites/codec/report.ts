/** The codec suite, the part that is printed. */
import type { SuiteReport } from '../../report/report.js';
import { claims } from './claims.js';
import { referenceName } from './peers/native.js';
import { workloads } from './values.js';

export const report: SuiteReport = {
  title: 'codec',
  reference: referenceName,
  peers: { having: ['text'], without: ['own', 'limit'] },
  claims,
  tables: workloads.map(({ name, title }) => ({
    workload: name,
    title: `${title}: µs, and bytes of what is sent`,
    columns: [
      { metric: 'encode', title: 'encode' },
      { metric: 'decode', title: 'decode' },
      { metric: 'both', title: 'both' },
      { metric: 'bytes', title: 'bytes' },
    ],
    ratioOf: 'both',
  })),
};
