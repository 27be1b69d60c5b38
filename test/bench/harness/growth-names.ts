/**
 * How curves of growth are written down, for who measures them and who draws them: workload `growth: <area>`, subject the
 * curve's name, metric `n=<n>`, and each sample the nanoseconds of one item among n.
 */

const workloadPrefix = 'growth: ';
const metricPrefix = 'n=';

export function workloadOf(area: string): string {
  return workloadPrefix + area;
}

/** The area of a workload; `null` for another workload. */
export function areaOf(workload: string): string | null {
  return workload.startsWith(workloadPrefix) ? workload.slice(workloadPrefix.length) : null;
}

export function metricOf(n: number): string {
  return metricPrefix + String(n);
}

/** The n of a metric; `NaN` for another metric. */
export function sizeOf(metric: string): number {
  return metric.startsWith(metricPrefix) ? Number(metric.slice(metricPrefix.length)) : NaN;
}
