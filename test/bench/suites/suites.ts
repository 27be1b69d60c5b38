/** The suites by the names that the command line takes. */
import type { HostName } from '../harness/kit.js';
import type { SuiteReport } from '../report/report.js';
import { report as channelReport } from './channel/report.js';
import { report as codecReport } from './codec/report.js';
import { report as goReport } from './go/report.js';
import { report as growthReport } from './growth/report.js';
import { report as poolReport } from './pool/report.js';
import { report as rpcReport } from './rpc/report.js';
import { report as schedulerReport } from './scheduler/report.js';
import { report as sliceReport } from './slice/report.js';
import { report as startupReport } from './startup/report.js';

export interface Suite {
  /** The module that runs inside of a host, from `bench/`. */
  readonly module: string;
  /** Modules that run in second threads of that host, by the names that the suite starts them by. */
  readonly threads: Readonly<Record<string, string>>;
  readonly report: SuiteReport;
  /** Hosts in which the suite is not run, with the reason. */
  readonly leftOut: Readonly<Partial<Record<HostName, string>>>;
}

/** Each subject's own. */
const rpcThreads = ['raw', 'lanes', 'birpc', 'comlink', 'tinypool', 'workerpool', 'threads'];

/** Growth asks for the second thread of all hosts alike, and measures the processor's time. */
const sameEngine = 'its logic layer is Chromium’s engine once more, in which costs grow alike';

const oneWorker = 'a mini-program has no second worker for a pool of two';

/** The suite itself asks Node for both, with compiled code and without. */
const aProcessEach = 'each sample is a process of Node that has evaluated nothing yet';

export const suites: Readonly<Record<string, Suite>> = {
  scheduler: { module: './suites/scheduler/run.ts', threads: {}, report: schedulerReport, leftOut: {} },
  slice: { module: './suites/slice/run.ts', threads: {}, report: sliceReport, leftOut: {} },
  codec: {
    module: './suites/codec/run.ts',
    threads: {},
    report: codecReport,
    leftOut: {},
  },
  channel: {
    module: './suites/channel/run.ts',
    threads: { raw: './suites/channel/far/raw.ts', lanes: './suites/channel/far/lanes.ts' },
    report: channelReport,
    leftOut: {},
  },
  rpc: {
    module: './suites/rpc/run.ts',
    threads: Object.fromEntries(rpcThreads.map((name) => [name, `./suites/rpc/far/${name}.ts`])),
    report: rpcReport,
    leftOut: {},
  },
  go: { module: './suites/go/run.ts', threads: {}, report: goReport, leftOut: {} },
  pool: {
    module: './suites/pool/run.ts',
    threads: { lanes: './suites/pool/far/lanes.ts' },
    report: poolReport,
    leftOut: { preview: oneWorker },
  },
  growth: {
    module: './suites/growth/run.ts',
    threads: { lanes: './suites/growth/far/lanes.ts' },
    report: growthReport,
    leftOut: { preview: sameEngine },
  },
  startup: {
    module: './suites/startup/run.ts',
    threads: {},
    report: startupReport,
    leftOut: { jitless: aProcessEach, chromium: aProcessEach, preview: aProcessEach },
  },
};
