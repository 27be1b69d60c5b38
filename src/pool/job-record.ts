/**
 * A stored job as text: a JSON array of version, name, rank, id, tries, and the arguments as the codec writes them. An array,
 * so that no names of members are kept that a later build of the library would have to know.
 */
import { buffersToText, textToBuffers } from '../codec/base64.js';
import { decode, encode } from '../codec/carrier.js';
import { LanesError } from '../core/errors.js';
import type { Rank } from '../core/task.js';

/** What is stored of a job. */
export interface JobRecord {
  readonly name: string;
  readonly rank: Rank;
  readonly id: string;
  /** How often it was begun. */
  readonly tries: number;
  readonly args: readonly unknown[];
}

const version = 1;

/** WeChat keeps 1 MB a key; a character takes three bytes at most. */
const maxLength = 300_000;

/**
 * @throws LanesError `ERR_JOB_RECORD` for one that is too long for a key
 * @throws DOMException `DataCloneError` for arguments that cannot be cloned
 */
export function writeRecord({ name, rank, id, tries, args }: JobRecord): string {
  const { text, buffers } = encode(args);
  const record = JSON.stringify([version, name, rank, id, tries, text, buffersToText(buffers)]);
  if (record.length > maxLength) throw recordError(`a job of ${record.length} characters`, record.length);
  return record;
}

/** @throws LanesError `ERR_JOB_RECORD`, or what the codec throws, for anything that `writeRecord` does not write */
export function readRecord(text: unknown): JobRecord {
  if (typeof text !== 'string' || text.length > maxLength) throw recordError('what is no text of ours', text);
  const record = parse(text);
  if (!Array.isArray(record) || record.length !== 7) throw recordError('what is no record', text);
  const [of, name, rank, id, tries, body, buffers] = record as readonly unknown[];
  const isWhole =
    of === version &&
    typeof name === 'string' &&
    (rank === 0 || rank === 1 || rank === 2) &&
    typeof id === 'string' &&
    /^[\w-]{1,64}$/.test(id) &&
    typeof tries === 'number' &&
    tries >= 0 &&
    typeof body === 'string';
  if (!isWhole) throw recordError('a record of another kind', text);
  const args = decode(body, textToBuffers(buffers, maxLength), { limits: { maxTextLength: maxLength } });
  if (!Array.isArray(args)) throw recordError('arguments that are no array', text);
  return { name, rank: rank, id, tries, args: args as readonly unknown[] };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw recordError('what is no JSON', text, error);
  }
}

function recordError(what: string, value: unknown, cause?: unknown): LanesError {
  return new LanesError('ERR_JOB_RECORD', `the storage of the pool: ${what}`, { value, cause });
}
