/** The suites by the names that the command line takes. */
import type { SuiteReport } from '../report/report.js';
import { report as schedulerReport } from './scheduler/report.js';
import { report as sliceReport } from './slice/report.js';

export interface Suite {
  /** The module that runs inside of a host, from `bench/`. */
  readonly module: string;
  readonly report: SuiteReport;
}

export const suites: Readonly<Record<string, Suite>> = {
  scheduler: { module: './suites/scheduler/run.ts', report: schedulerReport },
  slice: { module: './suites/slice/run.ts', report: sliceReport },
};
