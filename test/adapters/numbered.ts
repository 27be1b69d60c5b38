/** Numbered messages of every way that a pipe with shared memory knows, for tests in real threads. */
import type { Pipe } from '../../src/host/pipe.js';

/** What an end has heard. */
export interface Heard {
  /** How many numbered messages came in order, from 0 on. */
  inOrder: number;
  /** The first thing that was wrong, if any. */
  wrong: string | null;
}

interface Numbered {
  readonly mpLanes: number;
  readonly text: string;
  readonly buffers: ArrayBuffer[];
}

/** As it is sent: every third that carries nothing is a bare string. */
export function wireForm(n: number): Numbered | string {
  const made = createNumbered(n);
  return n % 3 === 0 && made.buffers.length === 0 ? made.text : made;
}

/** Every 97th carries a buffer, every 101st is large, every 13th is not ASCII; all others are small. */
export function createNumbered(n: number): Numbered {
  if (n % 97 === 0) return { mpLanes: 1, text: `#${n}`, buffers: [new Uint32Array([n]).buffer] };
  const filling = n % 101 === 0 ? 'x'.repeat(20_000) : n % 13 === 0 ? '小程序 𝄞' : 'y'.repeat(n % 50);
  return { mpLanes: 1, text: `#${n} ${filling}`, buffers: [] };
}

/** Takes note of what a pipe delivered; false when it is no numbered message. */
export function check(heard: Heard, message: unknown): boolean {
  const { text, buffers } =
    typeof message === 'string' ? { text: message, buffers: [] } : (message as Numbered);
  if (!text.startsWith('#')) return false;
  const expected = createNumbered(heard.inOrder);
  const isBufferRight =
    buffers.length === expected.buffers.length &&
    buffers.every((buffer) => new Uint32Array(buffer)[0] === heard.inOrder);
  if (text === expected.text && isBufferRight) heard.inOrder++;
  else heard.wrong ??= `${text.slice(0, 40)} came instead of number ${heard.inOrder}`;
  return true;
}

/** Sends the numbers from 0 to `count`, so many a turn that the ring is empty at times and full at others. */
export function sendNumbered(pipe: Pipe, count: number, turn: (callback: () => void) => void): void {
  let n = 0;
  const some = (): void => {
    for (let left = 1 + ((n * 7919) % 3000); left > 0 && n < count; left--, n++) {
      const message = wireForm(n);
      pipe.send(message, typeof message === 'string' ? [] : message.buffers);
    }
    if (n < count) turn(some);
  };
  some();
}

/** The worker's part: on `go N` sends N numbers; on `tell` says what it has heard; on `exit` sends 1,000 and ends. */
export function serve(pipe: Pipe, turn: (callback: () => void) => void, exit: () => void): void {
  const heard: Heard = { inOrder: 0, wrong: null };
  const say = (text: string): void => pipe.send({ mpLanes: 1, text, buffers: [] });
  pipe.listen({
    message(message) {
      if (check(heard, message)) return;
      const [word, count] = (message as { text: string }).text.split(' ');
      if (word === 'go') sendNumbered(pipe, Number(count), turn);
      else if (word === 'tell')
        say(JSON.stringify({ ...heard, sharedMemory: pipe.traits.sharedMemory === true }));
      else if (word === 'exit') {
        for (let n = 0; n < 1000; n++) pipe.send(createNumbered(n), []);
        exit();
      }
    },
    end: () => undefined,
  });
}

/** The starter's part: sends and hears `count` numbers at once; gives what both ends have heard. */
export async function exchange(
  pipe: Pipe,
  count: number,
  turn: (callback: () => void) => void,
): Promise<{ here: Heard; there: Heard & { sharedMemory: boolean } }> {
  const here: Heard = { inOrder: 0, wrong: null };
  const say = (text: string): void => pipe.send({ mpLanes: 1, text, buffers: [] });
  return new Promise((resolve, reject) => {
    pipe.listen({
      message(message) {
        if (!check(here, message)) {
          const there = JSON.parse((message as { text: string }).text) as Heard & { sharedMemory: boolean };
          if (there.inOrder < count && there.wrong === null) turn(() => say('tell'));
          else resolve({ here, there });
        } else if (here.inOrder === count || here.wrong !== null) say('tell');
      },
      end: (error) => reject(error instanceof Error ? error : new Error('the worker ended')),
    });
    say(`go ${count}`);
    sendNumbered(pipe, count, turn);
  });
}
