/** The other thread in a tinypool, which imports this file itself and calls what it exports by name, with one argument. */
import type { Serve } from '../../../harness/kit.js';
import * as api from '../api.js';

export const serve: Serve = () => undefined;

export function add([a, b]: readonly [number, number]): number {
  return api.add(a, b);
}

export function weigh([buffer, at]: readonly [ArrayBuffer, number]): number {
  return api.weigh(buffer, at);
}
