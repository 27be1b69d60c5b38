/** The result of a suite in one host, with questions one can ask of it. */
import type { Absence, SuiteResult } from '../harness/result.js';
import { againOf } from '../harness/control.js';
import { median, ratio } from '../harness/statistics.js';

/** A figure that was looked at. */
export interface Asked {
  readonly workload: string;
  readonly metric: string;
}

export class Results {
  private asked: Asked[] = [];

  constructor(readonly data: SuiteResult) {}

  /** What `ask` gives, and which figures it looked at. */
  watch<T>(ask: () => T): { readonly answer: T; readonly asked: readonly Asked[] } {
    this.asked = [];
    const answer = ask();
    return { answer, asked: this.asked };
  }

  samples(workload: string, subject: string, metric: string): readonly number[] {
    this.asked.push({ workload, metric });
    const found = this.data.series.find(
      (each) => each.workload === workload && each.subject === subject && each.metric === metric,
    );
    return found?.samples ?? [];
  }

  /** `NaN` where nothing was measured. */
  median(workload: string, subject: string, metric: string): number {
    return median(this.samples(workload, subject, metric));
  }

  /** How many times `subject` needs what `base` needs; `NaN` where either was not measured. */
  ratio(workload: string, subject: string, base: string, metric: string): number {
    return ratio(this.samples(workload, subject, metric), this.samples(workload, base, metric));
  }

  /** Names of the subjects that have all of these tags and none of `without`. */
  named(tags: readonly string[], without: readonly string[] = []): string[] {
    return this.data.subjects
      .filter((each) => tags.every((tag) => each.tags.includes(tag)))
      .filter((each) => !without.some((tag) => each.tags.includes(tag)))
      .map(({ name }) => name);
  }

  /** Which of `names` has the least of a figure; `null` where none was measured. */
  best(workload: string, names: readonly string[], metric: string): string | null {
    const measured = names.filter((name) => this.samples(workload, name, metric).length > 0);
    const order = measured.sort(
      (a, b) => this.median(workload, a, metric) - this.median(workload, b, metric),
    );
    return order[0] ?? null;
  }

  /** All subjects that have figures in a workload, in their order; those that are not listed as subjects come first. */
  measuredIn(workload: string): string[] {
    const measured = new Set(
      this.data.series.filter((each) => each.workload === workload).map(({ subject }) => subject),
    );
    const listed = this.data.subjects.map(({ name }) => name);
    const control = this.controlIn(workload);
    const again = control === null ? '' : againOf(control);
    const others = [...measured].filter((name) => !listed.includes(name) && name !== again);
    return [...others, ...listed.filter((name) => measured.has(name))];
  }

  /** Who is missing in a workload, though it runs in this host, and why. */
  absentFrom(workload: string): readonly Absence[] {
    const names = new Set(this.data.subjects.map(({ name }) => againOf(name)));
    return this.data.absences.filter((each) => each.workload === workload && !names.has(each.subject));
  }

  /** Who was measured twice in a workload; `null` where nobody was. */
  controlIn(workload: string): string | null {
    const measured = this.data.series.filter((each) => each.workload === workload);
    const names = new Set(measured.map(({ subject }) => subject));
    return [...names].find((name) => names.has(againOf(name))) ?? null;
  }
}
