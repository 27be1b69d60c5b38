/** What is promised to a port at the end of a history, when everybody listens and nothing is under way. */
import { expect } from 'vitest';
import type { Channel, End, Line, Threads } from './threads.js';

/** Whether a line that the channel may cross is broken, so that what was under way may be lost. */
function mayBeCutOff(carrier: Channel | Line, seen = new Set<Channel | Line>()): boolean {
  if (seen.has(carrier)) return false;
  seen.add(carrier);
  return 'broken' in carrier ? carrier.broken : [...carrier.carriers].some((next) => mayBeCutOff(next, seen));
}

/**
 * What became of an end that is in nobody's hands: `lost`, as its message was dropped, or `unknown`, as it waits in a port
 * that nobody listens to, or in itself.
 */
function fateOf(end: End, seen = new Set<End>()): 'lost' | 'unknown' {
  const { goal } = end;
  if (seen.has(end) || goal === null) return 'unknown';
  seen.add(end);
  if ('broken' in goal) {
    expect(goal.broken, `end ${end.id} did not arrive over a line that works`).toBe(true);
    return 'lost';
  }
  if (goal.state === 'flying') return fateOf(goal, seen);
  if (goal.state === 'dropped') return 'unknown';
  if (goal.state === 'held') expect(goal.closes, `end ${end.id} did not arrive at ${goal.id}`).toBe(1);
  return 'lost';
}

/** Checks what `end`, which is held and listens, has heard. */
export function checkEnd(threads: Threads, end: End): void {
  const other = threads.otherOf(end);
  const { closes, heard } = end;
  const isCut = mayBeCutOff(end.channel);
  const told = `end ${end.id}, ${isCut ? 'maybe cut off' : 'connected'}, the other end ${other.state}`;
  if (other.state === 'held') expect(closes, told).toBe(isCut ? other.closes : 0);
  else if (other.state === 'closed' || fateOf(other) === 'lost') expect(closes, told).toBe(1);
  else if (other.state === 'dropped' && !isCut) expect(closes, told).toBe(0);
  if (!isCut || closes === 0) expect(heard, `${told}: messages heard`).toBe(other.sent);
}

/** Closes everything and checks that nothing is left in the links. */
export function checkLeftovers(threads: Threads): void {
  const { lines, ends } = threads;
  const isCalm = ends.every(({ state }) => state === 'held') && lines.every(({ broken }) => !broken);
  if (isCalm) for (const line of lines) expect(countersOf(line)).toEqual([0, 0]);
  closeOneOfEach(threads);
  for (const end of threads.held()) threads.close(end);
  threads.settle();
  const isForgotten = ends.some(
    (end) => end.state === 'dropped' || (end.state === 'flying' && fateOf(end) === 'unknown'),
  );
  for (const line of lines) {
    const left = line.broken ? 0 : 1;
    if (!isForgotten || line.broken) expect(sizesOf(line), 'ports left in a link').toEqual([left, left]);
    threads.break(line, 'bye', 0);
    threads.settle();
    expect(sizesOf(line), 'ports left in a link at its end').toEqual([0, 0]);
    expect(line.ends.map(({ closes }) => closes)).toEqual([1, 1]);
    expect(line.ends.flatMap(({ faults }) => faults)).toEqual([]);
    expect(line.ends.map(({ link }) => link.counters.foreign)).toEqual([0, 0]);
  }
}

/** Of each pair that both live one is closed; the other hears of it once, after all that was posted. */
function closeOneOfEach(threads: Threads): void {
  const pairs = threads.channels.filter(({ ends }) =>
    ends.every((end) => end.state === 'held' && end.closes === 0),
  );
  for (const { ends } of pairs) threads.post(ends[0] as End, []);
  for (const { ends } of pairs) threads.close(ends[0] as End);
  threads.settle();
  for (const { ends } of pairs) expect([ends[1]?.closes, ends[1]?.heard]).toEqual([1, ends[0]?.sent]);
}

function sizesOf({ ends }: Line): number[] {
  return ends.map(({ link }) => link.size);
}

function countersOf({ ends }: Line): number[] {
  return ends.map(({ link }) => link.counters.dropped);
}
