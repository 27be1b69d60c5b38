/** What the claims of the suites come to, host by host. */
import { greatestFactor, isWithin } from './noise.js';
import type { SuiteReport } from './report.js';
import type { Results } from './results.js';

export interface Verdict {
  readonly text: string;
  readonly host: string;
  /** `null` where there was nothing to judge by. */
  readonly held: boolean | null;
  /** Whether what was measured is no further from its limit than a subject from itself. */
  readonly isNear: boolean;
  readonly measured: string;
  readonly wanted: string;
}

/** Claim by claim, each in all hosts. */
export function verdictsOf(report: SuiteReport, all: readonly Results[]): Verdict[] {
  return report.claims.flatMap(({ text, judge }) =>
    all.map((results): Verdict => {
      const { answer, asked } = results.watch(() => judge(results));
      const { held, measured, wanted, value = NaN, limit = NaN } = answer;
      const isNear = held !== null && isWithin(greatestFactor(results, asked), value, limit);
      return { text, host: results.data.host, held, isNear, measured, wanted };
    }),
  );
}

const marks = { true: 'held', false: 'MISSED', null: '–' } as const;

/** The word of a verdict: the median decides, and who looks is told how near it was. */
export function wordOf({ held, isNear }: Verdict): string {
  return `${marks[`${held}`]}${isNear ? ', within noise' : ''}`;
}

/** How many held, and so on, in one line. */
export function countLine(verdicts: readonly Verdict[]): string {
  const { held, missed, open } = countsOf(verdicts);
  const near = ({ within }: Count): string => (within === 0 ? '' : ` (${String(within)} within noise)`);
  return [
    `${String(verdicts.length)} targets: ${String(held.all)} held${near(held)}`,
    `${String(missed.all)} missed${near(missed)}`,
    `${String(open.all)} not measured`,
  ].join(', ');
}

export interface Count {
  readonly all: number;
  readonly within: number;
}

/** Counted by what they came to. */
export function countsOf(verdicts: readonly Verdict[]): {
  readonly held: Count;
  readonly missed: Count;
  readonly open: Count;
} {
  const count = (wanted: boolean | null): Count => {
    const found = verdicts.filter(({ held }) => held === wanted);
    return { all: found.length, within: found.filter(({ isNear }) => isNear).length };
  };
  return { held: count(true), missed: count(false), open: count(null) };
}
