// A run of the pool: jobs that any of two processors takes, the one worker and the idle slices of the logic layer.
const { AbortController, createPool } = require('mp-lanes');
const { createJobs } = require('../shared/pool-jobs.js');
const { measureSpeed } = require('./chunks.js');
const { getCrew } = require('./crew.js');

const JOB_MS = 12; // on the logic layer; a worker may be faster, or have no JIT
const STEP_MS = 1; // between two yields of a job
const PROCESSORS = {
  both: (worker, inline) => ({ worker, inline }),
  worker: (worker) => ({ worker }),
  inline: (_, inline) => ({ inline }),
};

const local = createJobs('inline');
let stepBytes = 0; // measured once, so that all runs have the same sum
let lastRun = 0;

// Gives `count` jobs to a pool of `processors`. `done[n]` is null or where job n ran. `stats()` is the pool's, as it was at
// the end when it is over. `ended` is fulfilled when all jobs have ended, or when `cancel` was called; it is rejected
// with what else a job failed with.
function startJobs({ processors, count }) {
  const { worker, api } = getCrew();
  const pool = createPool(PROCESSORS[processors](worker, local.jobs));
  const controller = new AbortController();
  const id = ++lastRun;
  const startedAt = Date.now();
  let final = null;
  const run = {
    done: new Array(count).fill(null),
    sum: 0,
    begun: null, // how many jobs began on either side, when it is over
    ms: null,
    stats: () => final || pool.stats(),
    cancel: () => controller.abort(),
  };
  if (stepBytes === 0) stepBytes = measureSpeed() * STEP_MS;

  async function give(n) {
    const args = [id, n, JOB_MS / STEP_MS, stepBytes];
    const result = await pool.run('hash', args, { signal: controller.signal });
    const { where, sum } = /** @type {{ where: string, sum: number }} */ (result);
    run.done[n] = where;
    run.sum = (run.sum + sum) >>> 0; // in whatever order they end
  }

  async function runAll() {
    try {
      await Promise.all(run.done.map((_, n) => give(n)));
      run.ms = Date.now() - startedAt;
      final = pool.stats();
      run.begun = local.begun(id) + (processors === 'inline' ? 0 : await api.begunJobs(id));
    } catch (error) {
      controller.abort(); // the others
      if (error.name !== 'AbortError') throw error;
    } finally {
      final = final || pool.stats();
      pool.close(); // the worker is the crew's, and lives on
    }
  }

  run.ended = runAll();
  return run;
}

module.exports = { startJobs };
