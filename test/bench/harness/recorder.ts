/** Gathers what the workloads measure. */
import type { Absence, Series } from './result.js';

interface MutableSeries extends Series {
  readonly samples: number[];
}

export class Recorder {
  readonly rounds: Record<string, number> = {};
  private readonly byKey = new Map<string, MutableSeries>();
  private readonly absent: Absence[] = [];

  /**
   * Keeps a sample, unless its subject was excluded: a sample that was given up may still come to its end.
   * @throws Error for what is no number: a mistake of the workload
   */
  record(workload: string, subject: string, metric: string, value: number): void {
    if (this.isExcluded(workload, subject)) return;
    if (!Number.isFinite(value)) throw new Error(`${workload}, ${subject}: ${metric} is ${String(value)}`);
    const key = JSON.stringify([workload, subject, metric]);
    const series = this.byKey.get(key) ?? { workload, subject, metric, samples: [] };
    this.byKey.set(key, series);
    series.samples.push(value);
  }

  /** The samples so far. */
  samples(workload: string, subject: string, metric: string): readonly number[] {
    return this.byKey.get(JSON.stringify([workload, subject, metric]))?.samples ?? [];
  }

  /** Says why a subject has no figures; what it had in that workload is dropped, for a failure taints it. */
  exclude(workload: string, subject: string, reason: string): void {
    this.absent.push({ workload, subject, reason });
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
