/**
 * What two ends of a session say to each other. A session belongs to one end of an endpoint, whose calls it carries; the
 * other end answers, and calls back, under the session's name. Each of the following is a control message: an operation,
 * up to four fields, and a body, which is any value that can be cloned; 0 stands for what is not there.
 *
 * | operation | fields                     | body      | meaning                                                       |
 * | --------- | -------------------------- | --------- | ------------------------------------------------------------- |
 * | `call`    | id, target, path, extras   | arguments | call the function at the path                                 |
 * | `new`     | id, target, path, extras   | arguments | construct with the class at the path                          |
 * | `get`     | id, target, path, extras   | arguments | read the property at the path                                 |
 * | `set`     | id, target, path, extras   | `[value]` | set the property at the path                                  |
 * | `start`   | [id, …]                    | –         | these calls begin to run                                      |
 * | `note`    | id                         | value     | how far the call has come                                     |
 * | `done`    | id, marks                  | result    | the call's result                                             |
 * | `void`    | id                         | –         | the call's result is `undefined`                              |
 * | `fail`    | id                         | error     | the call failed                                               |
 * | `abort`   | id, mark                   | error     | a signal among the arguments was aborted; -1: the call is     |
 * | `free`    | target                     | –         | the sender will not use that target again                     |
 * | `pull`    | stream, taken, total       | –         | how many items were taken, and how many may be sent, in all   |
 * | `item`    | stream, number, marks      | value     | an item                                                       |
 * | `wait`    | stream                     | –         | no more is sent until what was sent is taken: it is large     |
 * | `last`    | stream, number, failed     | error     | the stream is over after so many items                        |
 * | `stop`    | stream                     | –         | nobody reads the stream any more                              |
 * | `offer`   | name, whether              | –         | the sender provides a service of that name, or no longer      |
 * | `left`    | 0                          | –         | the sender has moved its port away; another may take its place |
 *
 * A target that is text is a service, `''` what was exposed without a name; a number is a function or object that crossed
 * as an argument or a result. Ids are minted by the caller, numbers of targets and streams by whoever has them. All
 * numbers grow, and credit is counted from the beginning: a message that comes twice changes nothing.
 */
import type { ControlParcel } from '../channel/control-form.js';
import { isRecord } from '../core/webidl.js';

/** A place among arguments: the argument, or a member of an argument that is a plain object. */
export type Place = readonly [argument: number, member: string | null];

/** What stands at a place instead of a value that can be cloned. */
export type MarkKind = 'function' | 'object' | 'signal' | 'stream';
export type Mark = readonly [argument: number, member: string | null, kind: MarkKind, target: number];

export type Path = readonly string[];

/** On the wire: one member is a text by itself. */
export type WirePath = string | Path;
export type Target = string | number;
export type AskKind = 'call' | 'new' | 'get' | 'set';

/** Short for extras that say `tell` and nothing else: most calls of a burst. */
export const tellOnly = 1;

/** Said of a call where it is not as usual. */
export interface AskExtras {
  readonly marks?: readonly Mark[];
  /** The call's priority; user-visible when absent. */
  readonly rank?: 0 | 1 | 2;
  /** The caller wants to be told when the call begins to run. */
  readonly tell?: 1;
  /** How long it may run, in milliseconds. */
  readonly runMs?: number;
  /** The caller listens to notes. */
  readonly notes?: 1;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A message of one operation, its fields as the table above has them. */
interface Message<
  Op extends string,
  First,
  Second = unknown,
  Third = unknown,
  Fourth = unknown,
> extends ControlParcel {
  readonly op: Op;
  readonly first: First;
  readonly second: Second;
  readonly third: Third;
  readonly fourth: Fourth;
}

export type Marks = readonly Mark[] | 0;
export type AskMessage = Message<AskKind, number, Target, WirePath, AskExtras | typeof tellOnly | 0>;
export type AnswerMessage =
  Message<'done', number, Marks> | Message<'void', number> | Message<'fail', number>;
export type PullMessage = Message<'pull', number, number, number>;
export type ItemMessage = Message<'item', number, number, Marks>;
export type LastMessage = Message<'last', number, number, 0 | 1>;
export type StreamMessage =
  PullMessage | ItemMessage | LastMessage | Message<'wait', number> | Message<'stop', number>;
export type OfferMessage = Message<'offer', string, 0 | 1>;
export type LeftMessage = Message<'left', 0>;

/** Every message. */
export type CallMessage =
  | AskMessage
  | Message<'start', readonly number[]>
  | Message<'note', number>
  | AnswerMessage
  | Message<'abort', number, number>
  | Message<'free', number>
  | StreamMessage
  | OfferMessage
  | LeftMessage;

/** What is exposed without a name. */
export const rootTarget = '';

/** The mark of an `abort` that means the call itself. */
export const wholeCall = -1;

const maxPath = 64;
const maxText = 1024;
const maxMetadata = 64;
const kinds: ReadonlySet<unknown> = new Set<MarkKind>(['function', 'object', 'signal', 'stream']);
const { isArray } = Array;

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && Math.floor(value) === value;
const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= maxText;
const isFlag = (value: unknown): boolean => value === 0 || value === 1;

function isPath(value: unknown): boolean {
  if (typeof value === 'string') return true;
  if (!isArray(value) || value.length > maxPath) return false;
  for (const key of value) if (typeof key !== 'string') return false;
  return true;
}

function isMark(value: unknown): boolean {
  if (!isArray(value) || value.length !== 4) return false;
  const [argument, member, kind, target] = value as unknown[];
  return isCount(argument) && (member === null || isText(member)) && kinds.has(kind) && isCount(target);
}

const areMarks = (value: unknown): boolean =>
  value === 0 || (isArray(value) && value.every((each) => isMark(each)));

function isMetadata(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const keys = Object.keys(value);
  return keys.length <= maxMetadata && keys.every((key) => isText(value[key]));
}

function areExtras(value: unknown): boolean {
  if (value === 0 || value === tellOnly) return true;
  if (!isRecord(value)) return false;
  const { marks, rank, tell, runMs, notes, metadata } = ownMembers(value) as {
    [Key in keyof AskExtras]: unknown;
  };
  return (
    (marks === undefined || areMarks(marks)) &&
    (rank === undefined || rank === 0 || rank === 1 || rank === 2) &&
    (tell === undefined || tell === 1) &&
    (notes === undefined || notes === 1) &&
    (runMs === undefined || (typeof runMs === 'number' && runMs >= 0)) &&
    (metadata === undefined || isMetadata(metadata))
  );
}

/** What came, and nothing that was added to `Object.prototype` here. */
export function ownMembers<T extends object>(value: T): T {
  return Object.assign(Object.create(null) as T, value);
}

/** Whether `message` has the form that the table above asks for; bodies are looked at by those who open them. */
export function isCallMessage(message: ControlParcel): message is CallMessage {
  const { op, first, second, third, fourth } = message;
  switch (op) {
    case 'call':
    case 'new':
    case 'get':
    case 'set':
      return isCount(first) && (isText(second) || isCount(second)) && isPath(third) && areExtras(fourth);
    case 'done':
      return isCount(first) && areMarks(second);
    case 'void':
    case 'note':
    case 'fail':
    case 'free':
    case 'stop':
    case 'wait':
      return isCount(first);
    case 'start':
      return isArray(first) && first.every(isCount);
    case 'abort':
      return isCount(first) && typeof second === 'number';
    case 'pull':
      return isCount(first) && isCount(second) && isCount(third);
    case 'item':
      return isCount(first) && isCount(second) && areMarks(third);
    case 'last':
      return isCount(first) && isCount(second) && isFlag(third);
    case 'offer':
      return isText(first) && isFlag(second);
    case 'left':
      return first === 0;
    default:
      return false;
  }
}

/** The texts of all fields before the body, of a message that is no ask. */
export function fieldsText(
  op: Exclude<CallMessage['op'], AskKind>,
  first: number | string,
  second: number | string = 0,
  third: number | string = 0,
): string {
  return `"${op}",${first},${second},${third},0,`;
}

/** Writes a path as JSON. */
export function pathText(path: Path): string {
  return JSON.stringify(path.length === 1 ? path[0] : path);
}

/** Writes marks as JSON. */
export function marksText(marks: readonly Mark[]): string {
  return marks.length === 0 ? '0' : JSON.stringify(marks);
}

/** The id of a session: among those of one endpoint, no second one is like it. As short as engines share texts. */
export function createSessionId(): string {
  return Math.random().toString(36).slice(2, 10);
}
