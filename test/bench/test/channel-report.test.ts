import { describe, expect, it } from 'vitest';
import type { HostName } from '../harness/kit.js';
import { report } from '../suites/channel/report.js';
import { subjects } from '../suites/channel/subjects.js';
import { resultsOf, verdictOn } from './made-up.js';

describe('the claims on channels', () => {
  const judge = (claim: string, workload: string, costs: Record<string, number>, host: HostName = 'node') => {
    const figures = Object.entries(costs).map(([subject, cost]) => [subject, { cost: [cost] }] as const);
    return verdictOn(
      report,
      claim,
      resultsOf(subjects, { [workload]: Object.fromEntries(figures) }, [], host),
    );
  };

  it('want bursts to be twice as quick in Node and ten times in Chromium, by the form that does worse', () => {
    const costs = (port: number, worker: number) => ({
      'raw postMessage': 100,
      'native MessagePort': 1,
      'mp-lanes MessagePort': port,
      'mp-lanes Worker': worker,
    });
    expect(judge('burst of 128', 'burst of 128', costs(50, 5))).toBe(true);
    expect(judge('burst of 128', 'burst of 128', costs(5, 51))).toBe(false);
    expect(judge('burst of 10,000', 'burst of 10,000', costs(10, 9), 'chromium')).toBe(true);
    expect(judge('burst of 10,000', 'burst of 10,000', costs(9, 11), 'chromium')).toBe(false);
  });

  it('allow a round trip a seventh more than the raw worker’s', () => {
    const costs = (port: number) => ({
      'raw postMessage': 100,
      'mp-lanes MessagePort': port,
      'mp-lanes Worker': 100,
    });
    expect(judge('trip, small', 'trip, small', costs(115))).toBe(true);
    expect(judge('trip, small', 'trip, small', costs(116))).toBe(false);
    expect(judge('trip, 100 ports', 'trip, 100 ports', costs(116))).toBe(false);
  });

  it('say nothing where one of both forms has no figure', () => {
    expect(judge('trip, small', 'trip, small', { 'raw postMessage': 9, 'mp-lanes Worker': 1 })).toBeNull();
    for (const claim of report.claims) expect(claim.judge(resultsOf(subjects, {})).held).toBeNull();
  });
});
