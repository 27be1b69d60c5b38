/**
 * Turns: every entry into code of the mini-program on this thread goes through `runTurn`, which measures how long the
 * thread was busy. Invariant: at most one turn is open, and it is closed by whichever comes first, the start of the
 * next one or the closer.
 *
 * A turn is more than its callback: promise jobs run after it returned, before the thread takes its next task. So each
 * turn posts itself a message, the closer, when it starts. If the closer is the next thing the thread runs, the jobs
 * are done; if another turn comes first, the thread was busy until then.
 */
import type { TurnSample } from '../shared/protocol.js';
import { native } from './native.js';

/** The most turns kept between two deliveries; beyond it neighbours are merged, so that memory stays bounded. */
const maxKept = 4_000;

let samples: TurnSample[] = [];
let openSince = -1;
let openKind = '';
let depth = 0;
let clock: Float64Array | null = null;
let clockSlot = 0;
let reportError: (error: unknown) => void = (error) => native.console.error(error);

const closer = new native.MessageChannel();
let closersUnderway = 0;
closer.port1.onmessage = () => {
  closersUnderway--;
  // An older closer says nothing about the turn that is open now: its own is still to come.
  if (closersUnderway === 0) closeTurn();
};

/** Where errors thrown by a turn go. */
export function onTurnError(report: (error: unknown) => void): void {
  reportError = report;
}

/** Shares the start of the running turn with the view, which can so show a block while it lasts. */
export function shareClock(buffer: SharedArrayBuffer | null, slot: number): void {
  clock = buffer === null ? null : new Float64Array(buffer);
  clockSlot = slot;
}

/** Runs `callback` as a turn of the given kind (or inside the one that runs); errors are reported, not thrown. */
export function runTurn<T>(kind: string, callback: () => T): T | undefined {
  if (depth === 0) openTurn(kind);
  depth++;
  try {
    return callback();
  } catch (error) {
    reportError(error);
    return undefined;
  } finally {
    depth--;
  }
}

/** The samples since the last call. */
export function takeSamples(): TurnSample[] {
  const taken = samples;
  samples = [];
  return taken;
}

function openTurn(kind: string): void {
  closeTurn();
  openSince = native.now();
  openKind = kind;
  if (clock !== null) clock[clockSlot] = native.timeOrigin + openSince;
  closersUnderway++;
  closer.port2.postMessage(null);
}

function closeTurn(): void {
  if (openSince < 0) return;
  const length = native.now() - openSince;
  const last = samples.at(-1);
  if (samples.length >= maxKept && last !== undefined) last[1] = Math.max(last[1], length);
  else samples.push([native.timeOrigin + openSince, length, openKind]);
  openSince = -1;
  if (clock !== null) clock[clockSlot] = 0;
}
