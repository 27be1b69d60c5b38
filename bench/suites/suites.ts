/** The suites by the names that the command line takes. */
import type { HostName } from '../harness/kit.js';
import type { SuiteReport } from '../report/report.js';
import { report as codecReport } from './codec/report.js';
import { report as schedulerReport } from './scheduler/report.js';
import { report as sliceReport } from './slice/report.js';

export interface Suite {
  /** The module that runs inside of a host, from `bench/`. */
  readonly module: string;
  /** The module that runs in a second thread of that host, from `bench/`, where a suite has one. */
  readonly thread?: string;
  readonly report: SuiteReport;
  /** Hosts in which the suite is not run, with the reason. */
  readonly leftOut: Readonly<Partial<Record<HostName, string>>>;
}

const sameEngine = 'its logic layer is Chromium’s engine once more, of which this suite asks nothing else';

export const suites: Readonly<Record<string, Suite>> = {
  scheduler: { module: './suites/scheduler/run.ts', report: schedulerReport, leftOut: {} },
  slice: { module: './suites/slice/run.ts', report: sliceReport, leftOut: {} },
  codec: { module: './suites/codec/run.ts', report: codecReport, leftOut: { preview: sameEngine } },
};
