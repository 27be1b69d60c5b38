/** Gathers what the workloads measure. */
import type { Absence, Series } from './result.js';

interface MutableSeries extends Series {
  readonly samples: number[];
}

export class Recorder {
  readonly rounds: Record<string, number> = {};
  private readonly byKey = new Map<string, MutableSeries>();
  private readonly absent: Absence[] = [];
  private renamed: { readonly from: string; readonly to: string } | null = null;

  /**
   * Keeps a sample, unless its subject was excluded: a sample that was given up may still come to its end.
   * @throws Error for what is no number: a mistake of the workload
   */
  record(workload: string, subjectName: string, metric: string, value: number): void {
    const subject = this.renamed?.from === subjectName ? this.renamed.to : subjectName;
    if (this.isExcluded(workload, subject)) return;
    if (!Number.isFinite(value)) throw new Error(`${workload}, ${subject}: ${metric} is ${String(value)}`);
    const key = JSON.stringify([workload, subject, metric]);
    const series = this.byKey.get(key) ?? { workload, subject, metric, samples: [] };
    this.byKey.set(key, series);
    series.samples.push(value);
  }

  /** What `sample` records of `from` goes under the name `to`. Samples are taken one after the other. */
  async renaming(from: string, to: string, sample: () => Promise<void>): Promise<void> {
    this.renamed = { from, to };
    try {
      await sample();
    } finally {
      this.renamed = null;
    }
  }

  /** The samples so far. */
  samples(workload: string, subject: string, metric: string): readonly number[] {
    return this.byKey.get(JSON.stringify([workload, subject, metric]))?.samples ?? [];
  }

  /** Says why a subject has no figures; what it had in that workload is dropped, for a failure taints it. */
  exclude(workload: string, subject: string, reason: string): void {
    this.absent.push({ workload, subject, reason });
    this.drop(workload, subject);
  }

  /** Forgets what a subject had in a workload. */
  drop(workload: string, subject: string): void {
    for (const [key, series] of this.byKey) {
      if (series.subject === subject && series.workload === workload) this.byKey.delete(key);
    }
  }

  isExcluded(workload: string, subject: string): boolean {
    return this.absent.some(
      (each) => each.subject === subject && (each.workload === '' || each.workload === workload),
    );
  }

  get series(): readonly Series[] {
    return [...this.byKey.values()];
  }

  get absences(): readonly Absence[] {
    return this.absent;
  }
}
