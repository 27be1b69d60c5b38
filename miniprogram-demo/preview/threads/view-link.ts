/** The logic thread's line to the view: messages out, questions with an answer, and the answers coming in. */
import type { LogicToView, LogLine, ViewCalls } from '../shared/protocol.js';
import { native } from './native.js';
import { runTurn } from './turns.js';

type Callback = (value: unknown, error?: string) => void;

const waiting = new Map<number, Callback>();
let lastCall = 0;

/** Counts what the panel shows. */
export const traffic = { messages: 0, setDataCalls: 0, setDataBytes: 0 };

export function tellView(message: LogicToView): void {
  traffic.messages++;
  native.post(message);
}

/** Asks the view; `callback` runs in a turn of its own when the answer is there. */
export function askView<K extends keyof ViewCalls>(
  method: K,
  argument: Parameters<ViewCalls[K]>[0] | readonly unknown[],
  callback: (value: ReturnType<ViewCalls[K]>, error?: string) => void,
): void {
  const id = ++lastCall;
  waiting.set(id, callback as Callback);
  tellView({ type: 'call', id, method, argument });
}

export function answerFromView(id: number, value: unknown, error?: string): void {
  const callback = waiting.get(id);
  waiting.delete(id);
  if (callback !== undefined)
    runTurn('reply', () => {
      callback(value, error);
    });
}

export function logToView(line: LogLine): void {
  tellView({ type: 'log', line });
}
