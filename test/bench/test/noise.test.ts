import { describe, expect, it } from 'vitest';
import { quartiles } from '../harness/statistics.js';
import { atLeast, atMost } from '../report/judgements.js';
import { formatTables } from '../report/print.js';
import { factorOf, greatestFactor, isWithin, noiseOf } from '../report/noise.js';
import type { SuiteReport } from '../report/report.js';
import { countLine, verdictsOf, wordOf } from '../report/verdict.js';
import { resultsOf } from './made-up.js';

const subjects = [
  { name: 'limit', tags: ['limit'] },
  { name: 'mp-lanes', tags: ['own'] },
];

/** Ours is measured twice; the second time it takes `again` times as long, round by round. */
const measured = (own: number, again: readonly number[]) =>
  resultsOf(subjects, {
    load: {
      limit: { cost: again.map(() => 100) },
      'mp-lanes': { cost: again.map(() => own) },
      'mp-lanes again': { cost: again.map((times) => own * times) },
    },
  });

const reportWith = (judge: SuiteReport['claims'][number]['judge']): SuiteReport => ({
  title: 'suite',
  reference: 'limit',
  peers: { having: ['peer'], without: [] },
  tables: [
    { workload: 'load', title: 'Load, ns', columns: [{ metric: 'cost', title: 'cost' }], ratioOf: 'cost' },
  ],
  claims: [{ text: 'twice the limit', judge }],
});

const twice = reportWith((results) => atMost(results.ratio('load', 'mp-lanes', 'limit', 'cost'), 2, '×'));

describe('quartiles', () => {
  it('lie between the values where no value is at the place', () => {
    expect(quartiles([4, 1, 3, 2])).toEqual({ low: 1.75, high: 3.25 });
    expect(quartiles([7])).toEqual({ low: 7, high: 7 });
    expect(quartiles([]).low).toBeNaN();
  });
});

describe('the A/A noise', () => {
  it('is the ratio of a subject to itself, with its quartiles', () => {
    const noise = noiseOf(measured(150, [0.9, 1.1, 1.0, 1.2, 1.0]), { workload: 'load', metric: 'cost' });
    expect(noise).toEqual({ subject: 'mp-lanes', ratio: 1, low: 1, high: expect.closeTo(1.1) });
  });

  it('is unknown where nobody was measured twice', () => {
    const results = resultsOf(subjects, { load: { 'mp-lanes': { cost: [1, 2] } } });
    expect(noiseOf(results, { workload: 'load', metric: 'cost' })).toBeNull();
    expect(greatestFactor(results, [{ workload: 'load', metric: 'cost' }])).toBe(1);
  });

  it('is the greater of how far the middle is off and half of the spread', () => {
    const subject = 'mp-lanes';
    expect(factorOf({ subject, ratio: 0.8, low: 0.79, high: 0.81 })).toBeCloseTo(1.25);
    expect(factorOf({ subject, ratio: 1, low: 0.5, high: 2 })).toBeCloseTo(2);
  });

  it('of a figure that the control lacks is that of another in the same workload', () => {
    const results = measured(150, [1.5, 1.5]);
    expect(greatestFactor(results, [{ workload: 'load', metric: 'other' }])).toBeCloseTo(1.5);
  });

  it('reaches as far below a limit as above it', () => {
    expect(isWithin(1.25, 100, 125)).toBe(true);
    expect(isWithin(1.25, 125, 100)).toBe(true);
    expect(isWithin(1.25, 126, 100)).toBe(false);
    expect(isWithin(1.25, 0, 0)).toBe(false);
    expect(isWithin(1.25, NaN, 1)).toBe(false);
  });
});

describe('a verdict', () => {
  const word = (own: number, again: readonly number[]): string =>
    wordOf(verdictsOf(twice, [measured(own, again)])[0]!);

  it('is of the median, and says when the noise could have made it', () => {
    expect(word(190, [1.1, 1.1, 1.1])).toBe('held, within noise');
    expect(word(210, [1.1, 1.1, 1.1])).toBe('MISSED, within noise');
  });

  it('says nothing of noise where it is clear', () => {
    expect(word(150, [1.1, 1.1, 1.1])).toBe('held');
    expect(word(250, [1.1, 1.1, 1.1])).toBe('MISSED');
    expect(word(200.1, [1, 1, 1])).toBe('MISSED');
  });

  it('is counted', () => {
    const verdicts = [190, 210, 150, 250, NaN].flatMap((own) =>
      verdictsOf(twice, [Number.isNaN(own) ? resultsOf(subjects, {}) : measured(own, [1.1, 1.1, 1.1])]),
    );
    expect(countLine(verdicts)).toBe(
      '5 targets: 2 held (1 within noise), 2 missed (1 within noise), 1 not measured',
    );
  });

  it('is as near to what is to be exceeded', () => {
    const report = reportWith((results) => atLeast(results.median('load', 'mp-lanes', 'cost'), 100, 'ns'));
    expect(wordOf(verdictsOf(report, [measured(95, [1.1, 1.1])])[0]!)).toBe('MISSED, within noise');
  });
});

describe('a table', () => {
  it('shows the control as a line below, and not as a subject', () => {
    const text = formatTables(twice, measured(150, [1.1, 1.1, 1.1]));
    expect(text).toContain('  A/A: mp-lanes is 1.10 × itself (1.10–1.10)');
    expect(text).not.toContain('mp-lanes again');
  });
});
