// The jobs of the pool, for the thread `where`. A generator runs in slices wherever it is: here between taps, in the worker
// between messages.
function createJobs(where) {
  let lastRun = 0;
  let begun = 0;
  return {
    jobs: {
      // FNV-1a of the numbers 0, 1, … 255 over and over, from a basis of its own for each `seed`.
      *hash(run, seed, steps, bytes) {
        if (run !== lastRun) begun = 0;
        lastRun = run;
        begun++;
        let hash = 0x811c9dc5 ^ seed;
        for (let step = 0; step < steps; step++) {
          for (let i = 0; i < bytes; i++) hash = Math.imul(hash ^ (i & 255), 0x01000193);
          yield;
        }
        return { where, sum: hash >>> 0 };
      },
    },
    // How many jobs of a run were begun here: whoever runs one twice is found out.
    begun: (run) => (run === lastRun ? begun : 0),
  };
}

module.exports = { createJobs };
