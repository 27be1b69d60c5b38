import { describe, expect, it } from 'vitest';
import { formatTables } from '../report/print.js';
import { allPeers } from '../suites/go/peers/all.js';
import { report } from '../suites/go/report.js';
import { suites } from '../suites/suites.js';
import { resultsOf, verdictOn } from './made-up.js';

const subjects = allPeers.map(({ name, tags }) => ({ name, tags }));

function results(workload: string, metric: string, values: Record<string, number>) {
  const figures = Object.entries(values).map(([name, value]) => [name, { [metric]: [value] }] as const);
  return resultsOf(subjects, { [workload]: Object.fromEntries(figures) });
}

describe('the claims on routines and channels', () => {
  it('want the light form ahead of every peer, plain code not among them', () => {
    const judge = (generators: number) => {
      const costs = {
        'plain async': 1,
        'mp-lanes generators': generators,
        'mp-lanes async': 200,
        medium: 90,
      };
      return verdictOn(
        report,
        'select 100: generators',
        results('select 100', 'cost', { ...costs, 'js-csp': 100 }),
      );
    };
    expect([judge(89), judge(90)]).toEqual([true, false]);
  });

  it('want twice the messages of the best peer in ping-pong and five times those with a buffer', () => {
    const judge = (workload: string, form: string, own: number) =>
      verdictOn(
        report,
        `${workload}, ${form}`,
        results(workload, 'cost', { 'plain async': 1, [form]: own, medium: 100, 'csp-ts': 120 }),
      );
    const generators = 'mp-lanes generators';
    expect([judge('ping-pong', generators, 50), judge('ping-pong', generators, 51)]).toEqual([true, false]);
    const tryFirst = 'mp-lanes, try first';
    expect([judge('ping-pong', tryFirst, 50), judge('ping-pong', tryFirst, 51)]).toEqual([true, false]);
    expect([judge('buffered', tryFirst, 20), judge('buffered', tryFirst, 21)]).toEqual([true, false]);
  });

  it('allow sleepers half of what the best peer needs over a second, and so many milliseconds', () => {
    const judge = (claim: string, own: number) =>
      verdictOn(
        report,
        claim,
        results('sleepers', 'over', {
          'mp-lanes async': own,
          'mp-lanes generators': own,
          medium: 400,
          'effect 4': 500,
        }),
      );
    expect([judge('generators: half', 200), judge('generators: half', 201)]).toEqual([true, false]);
    expect([judge('async: done', 300), judge('async: done', 301)]).toEqual([true, false]);
  });

  it('allow them so many bytes', () => {
    const judge = (form: string, own: number) =>
      verdictOn(
        report,
        `${form}: at most`,
        results('sleepers’ bytes', 'bytes', { [`mp-lanes ${form}`]: own }),
      );
    expect([judge('generators', 256), judge('generators', 257)]).toEqual([true, false]);
    expect([judge('async', 700), judge('async', 701)]).toEqual([true, false]);
  });

  it('say nothing where there is no figure', () => {
    for (const claim of report.claims) expect(claim.judge(resultsOf(subjects, {})).held).toBeNull();
  });
});

describe('the tables of routines', () => {
  it('show growth by size, and why somebody is missing', () => {
    const figures = { growth: { 'mp-lanes generators': { 1000: [900], 1000000: [1_100] } } };
    const absences = [{ workload: 'growth', subject: 'csp-ts', reason: 'has no sleep' }];
    const text = formatTables(report, resultsOf(subjects, figures, absences));
    expect(text).toMatch(/mp-lanes generators +900 +– +– +1,100/);
    expect(text).toMatch(/csp-ts +– {2}has no sleep/);
  });

  it('are made in every host', () => {
    expect(suites['go']?.leftOut).toEqual({});
  });
});
