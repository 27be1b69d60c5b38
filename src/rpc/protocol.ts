/**
 * What two ends of a session say to each other. A session is made by `wrap`; its messages travel on an endpoint as
 * `{ mpLanesCall: [session, operation, …] }`, beside whatever else its users post there.
 *
 * | operation | fields                     | meaning                                                             |
 * | --------- | -------------------------- | ------------------------------------------------------------------- |
 * | `call`    | id, target, path, args, marks | call the function at the path                                    |
 * | `new`     | id, target, path, args, marks | construct with the class at the path                             |
 * | `get`     | id, target, path           | read the property at the path                                       |
 * | `set`     | id, target, path, args, marks | set the property at the path to `args[0]`                        |
 * | `done`    | id, args, marks            | the result is `args[0]`                                             |
 * | `fail`    | id, error                  | it failed                                                           |
 * | `abort`   | id, place, error           | the `AbortSignal` at a place among the arguments was aborted        |
 * | `release` | target                     | the sender will not use that target again                           |
 * | `end`     |                            | the sender is done with the session                                 |
 *
 * Target 0 is what was exposed; others are functions and objects that crossed as arguments or results. An id is minted
 * by the caller and means nothing to anybody else.
 */
import type { WireError } from './error-wire.js';

/** A place among arguments: the argument, or a member of an argument that is a plain object. */
export type Place = readonly [argument: number, member: string | null];

/** What stands at a place instead of a value that can be cloned. */
export type Mark = readonly [place: Place, kind: 'function' | 'object' | 'signal', target: number];

export type Path = readonly string[];

type Ask<Operation extends string> = readonly [
  op: Operation,
  id: number,
  target: number,
  path: Path,
  args: readonly unknown[],
  marks: readonly Mark[],
];
export type AskMessage = Ask<'call'> | Ask<'new'> | Ask<'get'> | Ask<'set'>;
export type DoneMessage = readonly ['done', id: number, args: readonly unknown[], marks: readonly Mark[]];
export type FailMessage = readonly ['fail', id: number, error: WireError];
export type AbortMessage = readonly ['abort', id: number, mark: number, error: WireError];
export type ReleaseMessage = readonly ['release', target: number];
export type EndMessage = readonly ['end'];

export type CallMessage = AskMessage | DoneMessage | FailMessage | AbortMessage | ReleaseMessage | EndMessage;

/** The exposed object itself. */
export const rootTarget = 0;

const maxPath = 64;

const isNumber = (value: unknown): value is number => typeof value === 'number';
const isPath = (value: unknown): value is Path =>
  Array.isArray(value) && value.length <= maxPath && value.every((key) => typeof key === 'string');

function isMark(value: unknown): value is Mark {
  if (!Array.isArray(value) || value.length !== 3 || !isNumber(value[2])) return false;
  const [place, kind] = value as [unknown, unknown];
  if (kind !== 'function' && kind !== 'object' && kind !== 'signal') return false;
  return Array.isArray(place) && isNumber(place[0]) && (place[1] === null || typeof place[1] === 'string');
}

const isMarked = (args: unknown, marks: unknown): boolean =>
  Array.isArray(args) && Array.isArray(marks) && marks.every(isMark);

const isWireError = (value: unknown): boolean => typeof value === 'object' && value !== null;

function isCallMessage(message: readonly unknown[]): boolean {
  const [op, first, second, third, fourth, fifth] = message;
  switch (op) {
    case 'call':
    case 'new':
    case 'get':
    case 'set':
      return isNumber(first) && isNumber(second) && isPath(third) && isMarked(fourth, fifth);
    case 'done':
      return isNumber(first) && isMarked(second, third);
    case 'fail':
      return isNumber(first) && isWireError(second);
    case 'abort':
      return isNumber(first) && isNumber(second) && isWireError(third);
    case 'release':
      return isNumber(first);
    case 'end':
      return true;
    default:
      return false;
  }
}

/** Reads `data` of a message event: the session and its message, or `null` where it is not one of ours. */
export function readCallMessage(data: unknown): { session: string; message: CallMessage } | null {
  if (typeof data !== 'object' || data === null) return null;
  const content = (data as { readonly mpLanesCall?: unknown }).mpLanesCall;
  if (!Array.isArray(content) || typeof content[0] !== 'string') return null;
  const message: unknown[] = content.slice(1);
  if (!isCallMessage(message)) return null;
  // The table above was checked field by field.
  return { session: content[0], message: message as unknown as CallMessage };
}

/** The other way round. */
export function writeCallMessage(session: string, message: CallMessage): object {
  return { mpLanesCall: [session, ...message] };
}
