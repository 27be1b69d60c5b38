/** The verdict and the tables, from made-up figures. */
import { describe, expect, it } from 'vitest';
import type { Absence } from '../harness/result.js';
import { figure } from '../report/figures.js';
import { alignColumns, formatTables, formatVerdicts } from '../report/print.js';
import type { Results } from '../report/results.js';
import { verdictsOf } from '../report/verdict.js';
import { report } from '../suites/scheduler/report.js';
import { resultsOf as madeUp, verdictOn as verdictOf } from './made-up.js';
import type { Figures } from './made-up.js';

const subjects = [
  { name: 'bare ring', tags: ['limit', 'callback', 'queue'] },
  {
    name: 'mp-lanes scheduleTask',
    tags: ['own', 'callback', 'priorities', 'cancel', 'slices', 'queue'],
  },
  { name: 'mp-lanes postTask', tags: ['own', 'promise', 'priorities', 'cancel', 'slices', 'queue'] },
  { name: 'quick', tags: ['callback', 'queue'] },
  { name: 'peer', tags: ['callback', 'priorities', 'cancel', 'slices', 'queue'] },
  { name: 'other', tags: ['promise', 'priorities', 'cancel', 'slices', 'queue'] },
];

const resultsOf = (figures: Figures, absences: readonly Absence[] = []): Results =>
  madeUp(subjects, figures, absences);

const verdictOn = (claim: string, figures: Figures): boolean | null =>
  verdictOf(report, claim, resultsOf(figures));

const all = (ns: number): Record<string, readonly number[]> => ({ all: [ns] });

describe('the claims', () => {
  it('hold the callback form to twice the bare ring', () => {
    const run = (ns: number): Figures => ({
      'run 100,000': { 'bare ring': all(50), 'mp-lanes scheduleTask': all(ns) },
    });
    expect(verdictOn('twice the bare ring', run(100))).toBe(true);
    expect(verdictOn('twice the bare ring', run(101))).toBe(false);
  });

  it('hold each form against the best peer that has priorities, and no other', () => {
    const run = (ns: number): Figures => ({
      'run 100,000': {
        'mp-lanes postTask': all(ns),
        'mp-lanes scheduleTask': all(ns - 100),
        quick: all(2),
        peer: all(150),
        other: all(200),
      },
    });
    expect(verdictOn('that gives promises', run(199))).toBe(true);
    expect(verdictOn('that gives promises', run(200))).toBe(false);
    expect(verdictOn('also those without', run(149))).toBe(true);
    expect(verdictOn('also those without', run(150))).toBe(false);
    expect(verdictOn('scheduleTask, 100,000 tasks: below', run(249))).toBe(true);
    expect(verdictOn('scheduleTask, 100,000 tasks: below', run(250))).toBe(false);
  });

  it('hold each form to half of the bytes of its own kind', () => {
    const bytes = (own: number, promise: number): Figures => ({
      bytes: {
        'mp-lanes scheduleTask': { bytes: [own] },
        'mp-lanes postTask': { bytes: [promise] },
        quick: { bytes: [1] },
        peer: { bytes: [100] },
        other: { bytes: [600] },
      },
    });
    expect(verdictOn('best callback peer’s bytes', bytes(50, 999))).toBe(true);
    expect(verdictOn('best callback peer’s bytes', bytes(51, 1))).toBe(false);
    expect(verdictOn('best promise peer’s bytes', bytes(999, 300))).toBe(true);
    expect(verdictOn('best promise peer’s bytes', bytes(1, 301))).toBe(false);
  });

  it('judge waits and blocks of each form', () => {
    const latency = (first: number, second: number): Figures => ({
      latency: {
        'mp-lanes scheduleTask': { p50: [first], p99: [first], max: [first], busy: [80] },
        'mp-lanes postTask': { p50: [second], p99: [second], max: [second], busy: [70] },
        peer: { p50: [1], p99: [9], max: [9], busy: [40] },
        // Answers at once because it does nothing else.
        other: { p50: [1], p99: [1], max: [1], busy: [39] },
      },
    });
    expect(verdictOn('scheduleTask: user-blocking wait, p50', latency(5, 9))).toBe(true);
    expect(verdictOn('postTask: user-blocking wait, p50', latency(4, 5.1))).toBe(false);
    expect(verdictOn('postTask: user-blocking wait, p99', latency(9, 8.9))).toBe(true);
    expect(verdictOn('scheduleTask: user-blocking wait, max', latency(9, 1))).toBe(false);
    const gaps = (ms: number): Figures => ({
      gaps: {
        'mp-lanes scheduleTask': { p99: [1], longest: [1] },
        'mp-lanes postTask': { p99: [ms], longest: [ms] },
        quick: { p99: [900], longest: [900] },
        other: { p99: [1], longest: [8] },
      },
    });
    expect(verdictOn('postTask: block, p99', gaps(7.5))).toBe(true);
    expect(verdictOn('postTask: block, p99', gaps(7.6))).toBe(false);
    expect(verdictOn('postTask: longest block', gaps(7.9))).toBe(true);
    expect(verdictOn('postTask: longest block', gaps(8))).toBe(false);
  });

  it('call cancelling constant up to three times the cost at 1,000', () => {
    const cancel = (us: number): Figures => ({
      'cancel 1,000': { 'mp-lanes postTask': { cost: [0.1] } },
      'cancel 100,000': { 'mp-lanes postTask': { cost: [us] } },
    });
    expect(verdictOn('postTask: cancelling', cancel(0.29))).toBe(true);
    expect(verdictOn('postTask: cancelling', cancel(0.31))).toBe(false);
  });

  it('say nothing where nothing was measured', () => {
    for (const { judge } of report.claims) expect(judge(resultsOf({})).held).toBeNull();
  });

  it('name who is compared as the peers name themselves', async () => {
    const { allPeers } = await import('../suites/scheduler/peers/all.js');
    const names = allPeers.map(({ name }) => name);
    for (const name of ['bare ring', 'mp-lanes scheduleTask', 'mp-lanes postTask'])
      expect(names).toContain(name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain(report.reference);
  });
});

describe('what is printed', () => {
  it('shows medians and the ratios to the bare ring and to the best peer with priorities', () => {
    const results = resultsOf({
      'run 1,000': {
        'bare ring': { post: [1, 1, 1], run: [1, 1, 1], last: [2, 2, 2], all: [2, 2, 2] },
        'mp-lanes scheduleTask': { post: [1, 1, 1], run: [3, 3, 3], last: [4, 4, 4], all: [4, 4, 4] },
        peer: { post: [2, 2, 2], run: [6, 6, 900], last: [8, 8, 902], all: [8, 8, 902] },
        quick: { post: [1, 1, 1], run: [0, 0, 0], last: [1, 1, 1], all: [1, 1, 1] },
      },
    });
    const lines = formatTables(report, results).split('\n').slice(2);
    expect(lines[0]).toBe('Schedule and run 1,000 empty tasks, ns a task (3 rounds)');
    expect(lines[1]).toMatch(/quartiles {2}× bare ring {2}× peer$/);
    expect(lines[3]!.trim().split(/ {2,}/)).toEqual([
      ...['mp-lanes scheduleTask', '1.00', '3.00', '4.00', '4.00', '4.00–4.00', '2.00', '0.500'],
    ]);
    expect(lines[5]!.trim().split(/ {2,}/)).toEqual([
      'peer',
      '2.00',
      '6.00',
      '8.00',
      '8.00',
      '8.00–455',
      '4.00',
      '1.00',
    ]);
  });

  it('lists who is missing, with the reason', () => {
    const results = resultsOf({ bytes: { peer: { bytes: [100] } } }, [
      { workload: 'bytes', subject: 'other', reason: 'would take about 9 s a round' },
      { workload: '', subject: 'quick', reason: 'needs a window' },
    ]);
    const text = formatTables(report, results);
    expect(text).toMatch(/other +– {2}would take about 9 s a round/);
    expect(text).toMatch(/Not in this host\n {2}quick {2}– {2}needs a window/);
    expect(text).not.toContain('Cancel every second');
  });

  it('marks a claim that was missed as missed', () => {
    const results = resultsOf({
      'run 100,000': { 'bare ring': all(50), 'mp-lanes scheduleTask': all(200) },
    });
    const text = formatVerdicts(new Map([['scheduler', verdictsOf(report, [results])]]));
    expect(text).toMatch(/twice the bare ring +node +MISSED +4\.00 × +≤ 2\.00 ×/);
    expect(text).toMatch(/bytes +node +– +not measured here/);
    expect(text).toMatch(/\n\d+ targets: 0 held, 1 missed, \d+ not measured$/);
  });

  it('keeps three digits of a number', () => {
    expect([0.1234, 1.234, 12.34, 123.4, 1234.5, NaN].map(figure)).toEqual([
      ...['0.123', '1.23', '12.3', '123', '1,235', '–'],
    ]);
  });

  it('aligns the first column to the left and the others to the right', () => {
    expect(
      alignColumns([
        ['', 'ns'],
        ['a', '10'],
        ['long', '5'],
      ]),
    ).toEqual(['      ns', 'a     10', 'long   5']);
  });
});
