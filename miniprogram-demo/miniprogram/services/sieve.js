// The prime sieve of Go's first talks: a routine that counts, and behind it one routine a prime, which passes on what its
// prime does not divide. What comes out of the last one is the next prime. https://go.dev/test/chan/sieve1.go
const { Chan, Group, sleep } = require('mp-lanes');

const LIMIT = 1000; // all numbers below are sieved
const UNSEEN = -1;
const PRIME = -2;

// Starts a sieve that takes `paceMs` between two primes; without buffers the whole chain waits for whoever is slow.
// `cells[n]` is UNSEEN, PRIME, or the place in the chain of the filter that dropped n. `ended` is fulfilled when all
// numbers have passed, or when `cancel` was called.
function startSieve({ paceMs }) {
  const group = new Group();
  const options = { signal: group.ctx };
  const run = { cells: new Int16Array(LIMIT).fill(UNSEEN), primes: [], passed: 0, paceMs };

  function* count(out) {
    for (let n = 2; n < LIMIT; n++) yield out.send(n, options);
    out.close();
  }

  function* filter(place, prime, inlet, out) {
    for (;;) {
      const { value, ok } = yield* inlet.recv(options);
      if (!ok) break;
      run.passed++;
      if (value % prime === 0) run.cells[value] = place;
      else yield out.send(value, options);
    }
    out.close();
  }

  function* lengthen(first) {
    let outlet = first;
    for (;;) {
      const { value, ok } = yield* outlet.recv(options);
      if (!ok) return;
      run.passed++;
      run.cells[value] = PRIME;
      run.primes.push(value);
      const next = new Chan();
      group.go(filter, run.primes.length - 1, value, outlet, next);
      outlet = next;
      if (run.paceMs > 0) yield sleep(run.paceMs, options);
    }
  }

  const numbers = new Chan();
  group.go(count, numbers);
  group.go(lengthen, numbers);
  run.routines = () => group.size;
  run.cancel = () => group.cancel();
  run.ended = group.wait().catch(ignoreAbort);
  return run;
}

function ignoreAbort(error) {
  if (error.name !== 'AbortError') throw error;
}

module.exports = { startSieve, LIMIT, PRIME, UNSEEN };
