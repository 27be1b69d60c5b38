// Whether numbered messages arrive complete and in order: each number is the one after the last.
function createTally({ count = 0, next = 0, wrong = 0 } = {}) {
  const tally = {
    count, // arrived
    next, // the number that is due
    wrong, // arrived out of order, or after a gap
    add(n) {
      if (n !== tally.next) tally.wrong++;
      tally.count++;
      tally.next = n + 1;
    },
  };
  return tally;
}

module.exports = { createTally };
