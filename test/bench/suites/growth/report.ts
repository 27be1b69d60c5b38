/** The growth suite, the part that is printed. */
import { metricOf, workloadOf } from '../../harness/growth-names.js';
import type { SuiteReport, TableSpec } from '../../report/report.js';
import { claims } from './claims.js';
import { sizesOf } from './curve.js';
import { areas, curves } from './curves/all.js';

function tableOf(area: string): TableSpec {
  const own = curves.filter((curve) => curve.area === area);
  const least = Math.min(...own.map((curve) => curve.least));
  const most = Math.max(...own.map((curve) => curve.most));
  return {
    workload: workloadOf(area),
    title: `Growth: ${area}, ns each of n`,
    columns: sizesOf(least, most).map((n) => ({ metric: metricOf(n), title: n.toLocaleString('en') })),
  };
}

export const report: SuiteReport = {
  title: 'growth',
  reference: '',
  peers: { having: ['peer'], without: [] },
  claims,
  tables: areas.map(tableOf),
};
