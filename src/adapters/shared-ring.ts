/**
 * One direction of shared memory: a ring of records that one thread writes and another reads, without locks.
 *
 *   byte   0   tail: counts the bytes ever written, modulo 2^32    stored by the writer alone
 *   byte  64   head: counts the bytes ever read, modulo 2^32       stored by the reader alone
 *   byte 128   sleep: how the reader wants to be woken; 0, awake   set by the reader, taken back by the writer
 *   byte 192   the records, in a number of bytes that is a power of two
 *
 *   record     kind (3 bits) and bytes of text (29) · a number (32) · the text in UTF-8, filled up to 8 bytes
 *
 * What must always hold:
 * - Each end keeps its own counter in its own heap and never reads it back; what it reads of the other's is checked.
 *   A record is checked against what was published before any of it is used, and its text is copied before it is decoded.
 * - A record is complete before `tail` is stored, and read in full before `head` is: atomic stores and loads order the
 *   plain ones around them, so no byte is read before it was written or overwritten before it was read.
 * - A record lies in one piece: what is left at the end of the ring is skipped by a record of its own.
 * - No wake-up is lost. The writer stores `tail`, then loads `sleep`; the reader stores `sleep`, then loads `tail`.
 *   Atomics are sequentially consistent: at least one of the two sees what the other did.
 * - The counters stand on cache lines of their own, so that the two threads do not take one line from each other.
 *
 * @see https://tc39.es/ecma262/#sec-memory-model
 */
import { LanesError } from '../core/errors.js';

/** The number beside a text that is a message by itself. */
export const bareText = 0xffffffff;

/** How a reader that sleeps wants to be woken: by `Atomics.notify`, or by a message of the plain pipe. */
export const BY_NOTIFY = 1;
export const BY_MESSAGE = 2;

/** One record: a text with a number, or a number alone (`text` is `null`). */
export interface RingRecord {
  readonly text: string | null;
  /** 32 bits, unsigned. */
  readonly value: number;
}

interface Encoder {
  encodeInto(text: string, bytes: Uint8Array): { readonly read: number; readonly written: number };
}
interface Decoder {
  decode(bytes: Uint8Array): string;
}
declare const TextEncoder: (new () => Encoder) | undefined;
declare const TextDecoder: (new (label: string, options: { ignoreBOM: boolean }) => Decoder) | undefined;

const tailWord = 0;
const headWord = 16;
/** Index of the word that a sleeping reader waits on. */
export const sleepWord = 32;
const dataBytes = 192;
const recordHeadBytes = 8;

const kinds = { text: 1, bare: 2, skip: 3 };

/** In a pattern that reads code points, halves of a pair are found only where the other half is missing. */
const loneSurrogate = new RegExp('[\\ud800-\\udfff]', 'u');

const recordBytes = (textBytes: number): number => recordHeadBytes + ((textBytes + 7) & -8);

const isPowerOfTwo = (value: number): boolean => value >= 64 && (value & (value - 1)) === 0;

/** Whether this environment has what a ring is made of. */
export function canShareMemory(): boolean {
  return (
    typeof SharedArrayBuffer === 'function' &&
    typeof Atomics === 'object' &&
    typeof TextEncoder === 'function' &&
    typeof TextDecoder === 'function'
  );
}

/** Memory for a ring of `capacityBytes`, a power of two from 64 up. */
export function createRingMemory(capacityBytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(dataBytes + capacityBytes);
}

/** Whether `value`, from another thread, is memory for a ring. */
export function isRingMemory(value: unknown): value is SharedArrayBuffer {
  return value instanceof SharedArrayBuffer && isPowerOfTwo(value.byteLength - dataBytes);
}

/** What is thrown when the other thread wrote what it cannot have meant. */
export function damaged(what: string, value: number): LanesError {
  return new LanesError('ERR_PROTOCOL', `the memory shared with another thread is damaged: ${what}`, {
    value,
  });
}

/** The views that both ends need. */
class RingEnd {
  readonly words: Int32Array;
  protected readonly bytes: Uint8Array;
  protected readonly capacity: number;
  /** Neither coder of a browser takes shared memory; and what is decoded must not change under the decoder. */
  protected scratch = new Uint8Array(1024);

  /** @param memory - of `createRingMemory`, or what `isRingMemory` let pass */
  constructor(memory: SharedArrayBuffer) {
    this.words = new Int32Array(memory);
    this.bytes = new Uint8Array(memory, dataBytes);
    this.capacity = this.bytes.length;
  }

  /** Memory of our own for `length` bytes at least. */
  protected scratchFor(length: number): Uint8Array {
    if (length > this.scratch.length) this.scratch = new Uint8Array(2 * length);
    return this.scratch;
  }

  /** Where in the ring `count` is. */
  protected placeOf(count: number): number {
    return count & (this.capacity - 1);
  }
}

/** The end that writes. */
export class RingWriter extends RingEnd {
  private tail = 0;
  /** The reader's counter as last seen. */
  private seenHead = 0;
  // Invariant: whoever makes a ring has asked `canShareMemory`.
  private readonly encoder = new (TextEncoder as NonNullable<typeof TextEncoder>)();

  /**
   * Adds a text with a number.
   * @returns false when there is no room for it now, or when UTF-8 cannot say it: nothing is to be read of it then
   * @throws LanesError ERR_PROTOCOL when the reader's counter cannot be
   */
  write(text: string, value: number): boolean {
    const { length } = text;
    const { read, written } = this.encoder.encodeInto(text, this.scratchFor(3 * length));
    if (read < length || (written > length && loneSurrogate.test(text))) return false;
    if (!this.makeRoom(recordBytes(written))) return false;
    const at = this.placeOf(this.tail) + recordHeadBytes;
    this.bytes.set(this.scratch.subarray(0, written), at);
    return this.publish(kinds.text, written, value);
  }

  /** Adds a number alone; as `write` otherwise. */
  writeBare(value: number): boolean {
    return this.makeRoom(recordHeadBytes) && this.publish(kinds.bare, 0, value);
  }

  /** To be asked after writing: how the reader is to be woken, 0 when it is awake. It counts as awake from then on. */
  takeSleeper(): number {
    const { words } = this;
    return Atomics.load(words, sleepWord) === 0 ? 0 : Atomics.exchange(words, sleepWord, 0);
  }

  /** Sees to it that `size` bytes are free in one piece from `tail` on, if need be at the start of the ring. */
  private makeRoom(size: number): boolean {
    const left = this.capacity - this.placeOf(this.tail);
    if (size <= left) return this.roomFor(size) >= size;
    return this.roomFor(left + size) >= left + size && this.publish(kinds.skip, left - recordHeadBytes, 0);
  }

  /** Bytes that are free, asked of the reader only when those known are fewer than `wanted`. */
  private roomFor(wanted: number): number {
    const used = (this.tail - this.seenHead) >>> 0;
    if (wanted <= this.capacity - used) return this.capacity - used;
    const head = Atomics.load(this.words, headWord) >>> 0;
    const usedNow = (this.tail - head) >>> 0;
    if (usedNow > used || (head & 7) !== 0) throw damaged('its reader is where it cannot be', head);
    this.seenHead = head;
    return this.capacity - usedNow;
  }

  private publish(kind: number, textBytes: number, value: number): true {
    const word = (dataBytes + this.placeOf(this.tail)) >> 2;
    this.words[word] = (textBytes << 3) | kind;
    this.words[word + 1] = value;
    this.tail = (this.tail + recordBytes(textBytes)) >>> 0;
    Atomics.store(this.words, tailWord, this.tail | 0);
    return true;
  }
}

/** The end that reads. */
export class RingReader extends RingEnd {
  private head = 0;
  /** The writer's counter as last seen. */
  private seenTail = 0;
  /** Our counter as last published: the writer asks for it only when the ring seems full, so not after each record. */
  private toldHead = 0;
  // A mark at the start of a text is part of it.
  private readonly decoder = new (TextDecoder as NonNullable<typeof TextDecoder>)('utf-8', {
    ignoreBOM: true,
  });

  /**
   * Takes the next record; `null` when there is none.
   * @throws LanesError ERR_PROTOCOL when the writer's counter or the record cannot be
   */
  read(): RingRecord | null {
    if (this.head === this.seenTail && !this.look()) return null;
    const at = this.placeOf(this.head);
    const word = (dataBytes + at) >> 2;
    // Read once each: the other thread could change them in between.
    const first = this.words[word] as number;
    const value = (this.words[word + 1] as number) >>> 0;
    const textBytes = first >>> 3;
    const size = recordBytes(textBytes);
    if (size > Math.min((this.seenTail - this.head) >>> 0, this.capacity - at)) {
      throw damaged('a record that is longer than what was written', first);
    }
    switch (first & 7) {
      case kinds.text:
        return { text: this.take(size, this.textAt(at + recordHeadBytes, textBytes)), value };
      case kinds.bare:
        return { text: this.take(recordHeadBytes, null), value };
      case kinds.skip:
        // Never from the start, and never twice in a row.
        if (at === 0 || at + size !== this.capacity) break;
        this.take(size, null);
        return this.read();
    }
    throw damaged('no such record', first);
  }

  /**
   * Says that we sleep from now on and are to be woken as `how` says.
   * @returns false when a record came before that could be seen: then we are awake
   */
  sleep(how: number): boolean {
    Atomics.store(this.words, sleepWord, how);
    if (!this.look()) return true;
    Atomics.store(this.words, sleepWord, 0);
    return false;
  }

  /** Whether there is anything to read. */
  private look(): boolean {
    const tail = Atomics.load(this.words, tailWord) >>> 0;
    if ((tail - this.head) >>> 0 > this.capacity || (tail & 7) !== 0) {
      throw damaged('its writer is where it cannot be', tail);
    }
    this.seenTail = tail;
    return tail !== this.head;
  }

  /** Frees what was read, `text` of it; told in large steps and when we have caught up. */
  private take<T>(size: number, text: T): T {
    this.head = (this.head + size) >>> 0;
    if (this.head === this.seenTail || (this.head - this.toldHead) >>> 0 >= this.capacity >> 2) {
      this.toldHead = this.head;
      Atomics.store(this.words, headWord, this.head | 0);
    }
    return text;
  }

  private textAt(at: number, length: number): string {
    const scratch = this.scratchFor(length);
    scratch.set(this.bytes.subarray(at, at + length));
    return this.decoder.decode(scratch.subarray(0, length));
  }
}
