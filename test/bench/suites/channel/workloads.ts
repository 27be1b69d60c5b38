/** What is sent, and how. */
import { cityRows, kilobyteObject, randomBuffer, richGraph, smallMessage } from '../codec/values.js';
import type { Message } from './protocol.js';

export interface Burst {
  readonly name: string;
  readonly title: string;
  /** Messages posted in one turn. */
  readonly count: number;
  /** Bursts of one sample, one after the other. */
  readonly repeats: number;
  make(this: void): Message;
}

export interface Trip {
  readonly name: string;
  readonly title: string;
  /** Round trips of one sample, one after the other. */
  readonly count: number;
  /** Whether the value is transferred, there and back. */
  readonly moves: boolean;
  /** Over how many ports in turn. */
  readonly ports: number;
  make(this: void): Message;
}

export const PORTS = 100;

const kilobyte = (): Message => ({ ...kilobyteObject(), id: 0 });
const carrying = (value: unknown): Message => ({ id: 0, value });

export const smallBursts: readonly Burst[] = [
  {
    name: 'burst of 128',
    title: '128 small messages in one turn',
    count: 128,
    repeats: 100,
    make: smallMessage,
  },
  {
    name: 'burst of 10,000',
    title: '10,000 small messages in one turn',
    count: 10_000,
    repeats: 4,
    make: smallMessage,
  },
];

export const bursts: readonly Burst[] = [
  ...smallBursts,
  {
    name: 'burst of 1 kB objects',
    title: '1,000 objects of 1 kB in one turn',
    count: 1_000,
    repeats: 8,
    make: kilobyte,
  },
];

const single = { moves: false, ports: 1 };

export const trips: readonly Trip[] = [
  { ...single, name: 'trip, small', title: 'a small message', count: 1_000, make: smallMessage },
  { ...single, name: 'trip, 1 kB', title: 'an object of 1 kB', count: 500, make: kilobyte },
  { ...single, name: 'trip, rows', title: '10,000 uniform rows', count: 4, make: () => carrying(cityRows()) },
  {
    ...single,
    name: 'trip, buffer moved',
    title: 'an ArrayBuffer of 1 MB, transferred',
    count: 100,
    moves: true,
    make: () => carrying(randomBuffer()),
  },
  {
    ...single,
    name: 'trip, buffer copied',
    title: 'an ArrayBuffer of 1 MB, copied',
    count: 10,
    make: () => carrying(randomBuffer()),
  },
  { ...single, name: 'trip, rich', title: 'a rich graph', count: 200, make: () => carrying(richGraph()) },
  {
    name: 'trip, 100 ports',
    title: 'a small message, over 100 ports in turn (where there are ports)',
    count: 10 * PORTS,
    moves: false,
    ports: PORTS,
    make: smallMessage,
  },
];
