/** The startup suite, the part that is printed. */
import { atMost } from '../../report/judgements.js';
import type { Judgement, SuiteReport } from '../../report/report.js';
import type { Results } from '../../report/results.js';
import { workload } from './plan.js';
import { indexName, peersName } from './subjects.js';

/** What a page's first code may wait for a library, without compiled code, and what of the peers' time. */
export const mostMs = 3;
export const mostOfPeers = 1.5;

/** At most the lesser of the two. */
function judgeIndex(results: Results): Judgement {
  const peersMs = results.median(workload, peersName, 'jitless') * mostOfPeers;
  const isPeers = peersMs < mostMs;
  const what = isPeers ? `, ${String(mostOfPeers)} × ${peersName}` : '';
  const limit = Number.isNaN(peersMs) ? NaN : Math.min(mostMs, peersMs);
  return atMost(results.median(workload, indexName, 'jitless'), limit, 'ms', what);
}

export const report: SuiteReport = {
  title: 'startup',
  reference: peersName,
  peers: { having: ['peer'], without: ['peer'] },
  claims: [
    {
      text: `index without compiled code: ${String(mostMs)} ms, and ${String(mostOfPeers)} times ${peersName}`,
      judge: judgeIndex,
    },
  ],
  tables: [
    {
      workload,
      title: 'Evaluated once in a new process, ms; all that was evaluated, kB',
      columns: [
        { metric: 'jit', title: 'ms' },
        { metric: 'jitless', title: 'ms, --jitless' },
        { metric: 'files', title: 'files' },
        { metric: 'minified', title: 'minified' },
        { metric: 'gzipped', title: 'gzipped' },
      ],
      ratioOf: 'jitless',
    },
  ],
};
