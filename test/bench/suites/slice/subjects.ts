/** The lengths of slices that are compared. */
export interface Subject {
  readonly name: string;
  readonly sliceMs: number;
  readonly adaptive: boolean;
}

export const referenceName = '5 ms';

export const subjects: readonly Subject[] = [
  ...[1, 2, 5, 8, 16].map((sliceMs) => ({ name: `${String(sliceMs)} ms`, sliceMs, adaptive: false })),
  { name: '5 ms, adaptive', sliceMs: 5, adaptive: true },
];

export const workloads: readonly string[] = ['quiet', 'busy'];
