/** One call of ours, and what is written of it. */
import type { SealedMessage } from '../channel/control.js';
import { primitiveText } from '../codec/quick-text.js';
import type { AbortSignalLike } from '../core/abort.js';
import type { Rank } from '../core/task.js';
import type { ForegroundTimer } from '../host/foreground-timer.js';
import { tellOnly } from './protocol.js';
import type { AskExtras } from './protocol.js';
import type { Asked } from './remote.js';
import type { Exported, Scope } from './session-parts.js';

const noSignals: readonly never[] = [];

/** A member of a remote that is asked for: the same in all calls of it. */
export interface Ask extends Asked {
  /** The texts of its messages before the id, and after it up to the extras. */
  readonly start: string;
  readonly place: string;
  /** After the id up to the body, of those that are as usual. */
  readonly plain: string;
  readonly told: string;
  /** The remote that it is made through, and what that may be used for. */
  readonly scope: Scope;
  /** Of which thread at the other end the remote is; `null` where that does not matter. */
  readonly epoch: number | null;
}

/** What messages of errors call it. */
export const nameOf = ({ path }: Ask): string => path.join('.');

/** What few calls have; made where it is needed. */
export interface Rare {
  /** What is held for the other end. */
  exported: Exported | null;
  /** Takes back what waits for signals. */
  readonly forget: (() => void)[];
  signals: readonly AbortSignalLike[];
  waiting: ForegroundTimer | null;
  running: ForegroundTimer | null;
  /** How long it may run. */
  runMs: number;
  deaths: number;
  /** Told when a stream of its answer is over; `null` before there is an answer, and when all are. */
  streamEnded: (() => void) | null;
}

/** A call of ours that waits for its answer. */
export class PendingCall {
  /** See `core/task.ts`. */
  static readonly kept = new PendingCall(
    0,
    null as never,
    () => undefined,
    () => undefined,
    1,
    false,
  );

  state: 'kept' | 'sent' | 'begun' | 'settled' = 'kept';
  /** What to post, or to post again; `null` where that cannot be, or `plain` says it. */
  message: SealedMessage | null = null;
  /** The same of a call of which nothing but primitives is to be said: its arguments take a quarter of the text's room. */
  plain: readonly unknown[] | null = null;
  /** Where it was made, unless among many. */
  site: Error | null = null;
  private rareOrNone: Rare | null = null;

  constructor(
    /** 0 until it is minted. */
    public id: number,
    readonly ask: Ask,
    readonly resolve: (value: unknown) => void,
    readonly reject: (reason: unknown) => void,
    readonly rank: Rank,
    /** Whether the other end tells when it begins. */
    public isTold: boolean,
  ) {}

  /** `null` while there is nothing of the kind. */
  get found(): Rare | null {
    return this.rareOrNone;
  }

  get rare(): Rare {
    return (this.rareOrNone ??= {
      exported: null,
      forget: [],
      signals: noSignals,
      waiting: null,
      running: null,
      runMs: Infinity,
      deaths: 0,
      streamEnded: null,
    });
  }
}

/** The text of arguments of which none is an object, without the bracket at the end; empty for others. */
export function plainText(args: readonly unknown[]): string {
  let text = '[';
  for (let at = 0; at < args.length; at++) {
    const part = primitiveText(args[at]);
    if (part === '') return '';
    text += at === 0 ? part : `,${part}`;
  }
  return text;
}

/** The texts of all fields of a call before its arguments. */
export function headOf(call: PendingCall, marks: AskExtras['marks']): string {
  const { id, ask } = call;
  return `${ask.start}${id}${ask.place}${extrasText(call, marks)},`;
}

function extrasText({ rank, isTold, found, ask }: PendingCall, marks: AskExtras['marks']): string {
  const { metadata, onProgress } = ask.options;
  if (rank === 1 && found === null && metadata === undefined && onProgress === undefined)
    return isTold ? `${tellOnly}` : '0';
  const runMs = found === null ? Infinity : found.runMs;
  const extras: AskExtras = {
    ...(marks === undefined ? {} : { marks }),
    ...(rank === 1 ? {} : { rank }),
    ...(isTold ? { tell: 1 } : {}),
    ...(runMs === Infinity ? {} : { runMs }),
    ...(onProgress === undefined ? {} : { notes: 1 }),
    ...(metadata === undefined ? {} : { metadata }),
  };
  return JSON.stringify(extras);
}
