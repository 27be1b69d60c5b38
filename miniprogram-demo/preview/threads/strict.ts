/**
 * Makes a browser's worker look like a mini-program's thread: what only a browser has is gone. `eval` and
 * `new Function` are refused by the content security policy that the server sends with the thread's script.
 */
import { hiddenGlobals } from '../shared/hidden-globals.js';

/** What ECMAScript 2024 defines on the global object, and `console` and timers, which every client has. */
const kept = new Set(
  `AggregateError Array ArrayBuffer Atomics BigInt BigInt64Array BigUint64Array Boolean DataView Date Error EvalError
  FinalizationRegistry Float32Array Float64Array Function Infinity Int16Array Int32Array Int8Array Intl Iterator JSON
  Map Math NaN Number Object Promise Proxy RangeError ReferenceError Reflect RegExp Set SharedArrayBuffer String Symbol
  SyntaxError TypeError URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet
  decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat parseInt
  undefined unescape console setTimeout setInterval clearTimeout clearInterval`
    .split(/\s+/)
    .concat(hiddenGlobals),
);

/** Takes away every global of the browser that the wrapper of the modules does not hide anyway. */
export function hideBrowser(): void {
  for (
    let level: unknown = self;
    level !== null && level !== Object.prototype;
    level = Object.getPrototypeOf(level)
  ) {
    for (const name of Object.getOwnPropertyNames(level)) {
      if (!kept.has(name) && name !== 'constructor') shadow(name);
    }
  }
}

function shadow(name: string): void {
  try {
    Object.defineProperty(self, name, { value: undefined, configurable: true, writable: true });
  } catch {
    // Not configurable: stays, as the few such names belong to the engine and not to the browser.
  }
}
