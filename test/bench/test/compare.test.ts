import { describe, expect, it } from 'vitest';
import { changesOf, formatChanges, formatVerdictChanges } from '../report/compare.js';
import { atMost } from '../report/judgements.js';
import type { SuiteReport } from '../report/report.js';
import type { Results } from '../report/results.js';
import { FORMAT, readRun } from '../report/run-file.js';
import { resultsOf } from './made-up.js';

const subjects = [
  { name: 'limit', tags: ['limit'] },
  { name: 'mp-lanes', tags: ['own'] },
];

const report: SuiteReport = {
  title: 'suite',
  reference: 'limit',
  peers: { having: ['peer'], without: [] },
  tables: [
    { workload: 'load', title: 'Load, ns', columns: [{ metric: 'cost', title: 'cost' }], ratioOf: 'cost' },
    { workload: 'heap', title: 'Heap, bytes', columns: [{ metric: 'bytes', title: 'bytes' }] },
  ],
  claims: [
    {
      text: 'twice the limit',
      judge: (results) => atMost(results.ratio('load', 'mp-lanes', 'limit', 'cost'), 2, '×'),
    },
  ],
};

/** A machine of which everything takes `slowness` times as long, and is off by `noise` the second time. */
const run = (own: number, slowness = 1, noise = 1): Results =>
  resultsOf(subjects, {
    load: {
      limit: { cost: [100 * slowness] },
      'mp-lanes': { cost: [own * slowness] },
      'mp-lanes again': { cost: [own * slowness * noise] },
    },
    heap: { 'mp-lanes': { bytes: [own] } },
  });

const changeOf = (before: Results, now: Results) => changesOf(report, report.tables[0]!, before, now)[0]!;

describe('the comparison of two runs', () => {
  it('does not see that another machine is slower', () => {
    const { change, isRatio } = changeOf(run(150), run(150, 3));
    expect(change).toBeCloseTo(1);
    expect(isRatio).toBe(true);
  });

  it('sees what has become slower beside the reference', () => {
    expect(changeOf(run(150, 3), run(180))).toMatchObject({
      subject: 'mp-lanes',
      before: expect.closeTo(1.5),
      now: expect.closeTo(1.8),
      change: expect.closeTo(1.2),
      isNoise: false,
    });
  });

  it('calls noise what lies within that of either run', () => {
    expect(changeOf(run(150, 1, 1.3), run(180)).isNoise).toBe(true);
    expect(changeOf(run(150), run(180, 1, 1.3)).isNoise).toBe(true);
    expect(changeOf(run(150, 1, 1.1), run(180, 1, 1.1)).isNoise).toBe(false);
  });

  it('compares the figures themselves where the reference has none', () => {
    const [change] = changesOf(report, report.tables[1]!, run(100), run(80));
    expect(change).toMatchObject({ before: 100, now: 80, isRatio: false });
  });

  it('leaves out what one of them has not, and the reference', () => {
    const without = resultsOf(subjects, { load: { limit: { cost: [100] } } });
    expect(changesOf(report, report.tables[0]!, without, run(150))).toEqual([]);
  });

  it('prints ratios with ×, and each change in percent', () => {
    const text = formatChanges(report, run(150).data, run(180).data);
    expect(text).toMatch(/mp-lanes, cost +1\.50 × +1\.80 × +\+20 %/);
    expect(text).toMatch(/mp-lanes, bytes +150 +180 +\+20 %/);
  });

  it('names the verdicts that changed, and no others', () => {
    expect(formatVerdictChanges(report, [run(150).data], [run(250).data])).toMatch(
      /twice the limit +node +held \(1\.50 ×\) +→ +MISSED \(2\.50 ×\)/,
    );
    expect(formatVerdictChanges(report, [run(150).data], [run(190).data])).toBe('');
  });
});

describe('a file of a run', () => {
  const valid = { format: FORMAT, machine: 'm', date: 'd', suites: { suite: [run(1).data] } };

  it('is read back as it was written', () => {
    expect(readRun(JSON.stringify(valid), 'a.json')).toEqual(valid);
  });

  it('says what is wrong with it', () => {
    const read = (value: unknown) => () => readRun(JSON.stringify(value), 'a.json');
    expect(() => readRun('{', 'a.json')).toThrow('a.json is no JSON');
    expect(read(null)).toThrow('a.json has no suites');
    expect(read([])).toThrow('a.json has no suites');
    expect(read({ machine: 'm', quick: true, suites: {} })).toThrow('format of an older version');
    expect(read({ ...valid, format: FORMAT + 1 })).toThrow(`has the format ${String(FORMAT + 1)}`);
    expect(read({ ...valid, suites: { suite: [{ host: 'node' }] } })).toThrow('suite "suite"');
  });
});
