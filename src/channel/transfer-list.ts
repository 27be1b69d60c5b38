/**
 * The second argument of `postMessage`: a transfer list, or an object with one.
 * @see https://html.spec.whatwg.org/multipage/web-messaging.html#dom-messageport-postmessage
 */
import { isArrayBuffer } from '../codec/buffers.js';
import { provideDetach, transferListOf, validateTransfer } from '../codec/transfer.js';
import { DOMException } from '../core/dom-exception.js';
import { isObject, notA, sequence } from '../core/webidl.js';
import { hostDetach } from '../host/detach.js';
import { isNativePort } from '../host/native-ports.js';

/** What a message moves instead of copying; checked already. */
export interface TransferList {
  readonly buffers: ReadonlySet<ArrayBuffer>;
  /** Ours, and native ones, which travel as ours. */
  readonly ports: readonly object[];
}

const nothing: TransferList = { buffers: new Set(), ports: [] };

function objectOf(value: unknown): object {
  if (!isObject(value)) throw notA('an object', value);
  return value;
}

/** Web IDL's overload resolution between `sequence<object>` and the dictionary. */
function listOf(argument: unknown): readonly object[] {
  if (isObject(argument) && (argument as Partial<Iterable<unknown>>)[Symbol.iterator] != null) {
    return sequence(argument, objectOf);
  }
  return transferListOf(argument);
}

/**
 * Reads and checks a transfer list.
 * @throws TypeError for what is no list of objects
 * @throws DOMException `DataCloneError` for what cannot be moved, or is named twice
 */
export function readTransferList(argument: unknown): TransferList {
  if (argument === undefined || argument === null) return nothing;
  const list = listOf(argument);
  if (list.length === 0) return nothing;
  validateTransfer(list, isNativePort);
  const ports = list.filter((object) => !isArrayBuffer(object));
  return { buffers: new Set(list.filter(isArrayBuffer)), ports };
}

provideDetach(() => hostDetach);

/** A `DataCloneError`. */
export function refusal(message: string): DOMException {
  return new DOMException(message, 'DataCloneError');
}
