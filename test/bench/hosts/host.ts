/** Where a suite can run. */
import type { HostName } from '../harness/kit.js';
import type { Settings, SuiteResult } from '../harness/result.js';

/** A suite as a host needs it. */
export interface HostJob {
  readonly suite: string;
  /** The module of its host part, from `bench/`. */
  readonly module: string;
  /** The modules of its second threads by their names, from `bench/`. */
  readonly threads: Readonly<Record<string, string>>;
  readonly settings: Settings;
  onProgress(this: void, text: string): void;
}

export interface Host {
  readonly name: HostName;
  readonly title: string;
  /** `null`, or why this machine has no such host. */
  unavailable(): Promise<string | null>;
  run(job: HostJob): Promise<SuiteResult>;
}
