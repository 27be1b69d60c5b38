import { describe, expect, it } from 'vitest';
import type { HostName } from '../harness/kit.js';
import { formatTables } from '../report/print.js';
import { allPeers } from '../suites/rpc/peers/all.js';
import { report } from '../suites/rpc/report.js';
import { suites } from '../suites/suites.js';
import { resultsOf, verdictOn } from './made-up.js';

const subjects = allPeers.map(({ name, tags }) => ({ name, tags }));

describe('the claims on calls', () => {
  const results = (workload: string, costs: Record<string, number>, host: HostName = 'node') => {
    const figures = Object.entries(costs).map(([subject, cost]) => [subject, { cost: [cost] }] as const);
    return resultsOf(subjects, { [workload]: Object.fromEntries(figures) }, [], host);
  };

  it('allow a sequential call a seventh more than a raw round trip', () => {
    const judge = (own: number) =>
      verdictOn(report, '1.15 times', results('sequential', { 'raw postMessage': 100, 'mp-lanes': own }));
    expect(judge(115)).toBe(true);
    expect(judge(116)).toBe(false);
  });

  it('want it ahead of every peer, the raw worker not among them', () => {
    const judge = (own: number) =>
      verdictOn(
        report,
        'ahead of every peer',
        results('sequential', { 'raw postMessage': 1, 'mp-lanes': own, birpc: 70, comlink: 90 }),
      );
    expect(judge(69)).toBe(true);
    expect(judge(70)).toBe(false);
  });

  it('want 1,000 in flight five times the fastest peer’s in Node and ten times in Chromium', () => {
    const judge = (own: number, host: HostName) =>
      verdictOn(
        report,
        '1,000 in flight',
        results('1,000 in flight', { 'raw postMessage': 1, 'mp-lanes': own, birpc: 50, threads: 900 }, host),
      );
    expect(judge(10, 'node')).toBe(true);
    expect(judge(10.1, 'node')).toBe(false);
    expect(judge(5, 'chromium')).toBe(true);
    expect(judge(5.1, 'chromium')).toBe(false);
    expect(judge(1, 'preview')).toBeNull();
  });

  it('say nothing where there is no figure', () => {
    for (const claim of report.claims) expect(claim.judge(resultsOf(subjects, {})).held).toBeNull();
    const alone = results('1,000 in flight', { 'mp-lanes': 1 });
    for (const claim of report.claims) expect(claim.judge(alone).held).toBeNull();
  });
});

describe('the tables of calls', () => {
  it('show what a call costs, how many there are in a second, and why somebody is missing', () => {
    const figures = {
      sequential: {
        'raw postMessage': { cost: [40], rate: [25_000] },
        'mp-lanes': { cost: [44], rate: [22_727] },
        comlink: { cost: [80], rate: [12_500] },
      },
    };
    const absences = [{ workload: 'sequential', subject: 'threads', reason: 'it hung' }];
    const text = formatTables(report, resultsOf(subjects, figures, absences));
    expect(text).toMatch(/mp-lanes +44\.0 +22,727 +1\.10 +0\.550/);
    expect(text).toMatch(/threads +– +it hung/);
  });

  it('have a second thread for each subject', () => {
    expect(Object.keys(suites['rpc']!.threads)).toHaveLength(allPeers.length);
  });
});
