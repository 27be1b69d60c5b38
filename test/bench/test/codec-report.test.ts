import { describe, expect, it } from 'vitest';
import { allPeers } from '../suites/codec/peers/all.js';
import { utf8Bytes } from '../suites/codec/peers/peer.js';
import { report } from '../suites/codec/report.js';
import { resultsOf, verdictOn } from './made-up.js';

const both = (us: number, bytes = 1): Record<string, readonly number[]> => ({ both: [us], bytes: [bytes] });

describe('the claims on the codec', () => {
  const judge = (claim: string, workload: string, figures: Record<string, ReturnType<typeof both>>) =>
    verdictOn(report, claim, resultsOf(allPeers, { [workload]: figures }));

  it('compare with the best peer whose form is JSON text, and with no other', () => {
    const rich = (us: number): Record<string, ReturnType<typeof both>> => ({
      'mp-lanes': both(us),
      devalue: both(30),
      seroval: both(20),
      'native structuredClone': both(1),
      msgpackr: both(2),
      'bare JSON': both(3),
    });
    expect(judge('rich graph: below', 'rich graph', rich(19))).toBe(true);
    expect(judge('rich graph: below', 'rich graph', rich(20))).toBe(false);
  });

  it('allow a small message three tenths more than bare JSON', () => {
    const small = (us: number) => ({ 'mp-lanes': both(us), 'bare JSON': both(10) });
    expect(judge('1.3 times', 'small message', small(13))).toBe(true);
    expect(judge('1.3 times', 'small message', small(13.1))).toBe(false);
  });

  it('want rows to be faster than bare JSON, and little more than half of its bytes', () => {
    const rows = (us: number, bytes: number) => ({
      'mp-lanes': both(us, bytes),
      'bare JSON': both(10, 1000),
    });
    expect(judge('faster than bare JSON', '10,000 rows', rows(9.9, 1))).toBe(true);
    expect(judge('faster than bare JSON', '10,000 rows', rows(10, 1))).toBe(false);
    expect(judge('of the bytes', '10,000 rows', rows(1, 580))).toBe(true);
    expect(judge('of the bytes', '10,000 rows', rows(1, 590))).toBe(false);
  });

  it('say nothing where nothing was measured', () => {
    for (const claim of report.claims) expect(claim.judge(resultsOf(allPeers, {})).held).toBeNull();
  });
});

describe('the bytes of a text', () => {
  it('are those of UTF-8', () => {
    for (const text of ['', 'plain', 'Zürich', '青岛', '🛶 and ü'])
      expect(utf8Bytes(text), text).toBe(Buffer.byteLength(text));
  });
});
