/** Checks of what a frame claims, each against the one form that `encode` writes. */
import { protocolError, within, type Limits } from './limits.js';
import type { ErrorFields } from './reading.js';

/** Makes what the engine itself checks. */
export function attempt<T>(text: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw protocolError(String(error), text, error);
  }
}

export function requireForm(holds: boolean, value: unknown): true {
  if (!holds) throw protocolError('a malformed tag', value);
  return true;
}

export function isNode(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

export function isLength(value: unknown): boolean {
  return typeof value === 'number' && value >>> 0 === value;
}

export function numberOf(text: string, form: RegExp, max: number): number {
  const number = Number(text);
  requireForm(form.test(text) && Math.abs(number) <= max, text);
  return number;
}

export function decimalOf(text: string): number {
  return numberOf(text, /^-?\d{1,25}(?:\.\d{1,25})?(?:e[+-]?\d{1,3})?$/, Infinity);
}

export function integerOf(digits: string): number {
  return numberOf(digits, /^(?:0|[1-9]\d{0,15})$/, Infinity);
}

export function indexOf(digits: string, list: readonly unknown[]): number {
  const index = integerOf(digits);
  requireForm(index < list.length, digits);
  return index;
}

export function errorFieldsOf(entry: unknown[]): ErrorFields {
  const fields = entry.slice(1, 4);
  requireForm(
    fields.every((field, index) => typeof field === 'string' || (field === null && index > 0)),
    entry,
  );
  return fields as unknown as ErrorFields;
}

export function bigintOf(limits: Limits, text: string): bigint {
  within(text.length, limits, 'maxBigIntDigits');
  requireForm(/^-?[\da-f]+$/.test(text) && typeof BigInt !== 'undefined', text);
  return text.charAt(0) === '-' ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`);
}

export function regExpOf(limits: Limits, text: string): RegExp {
  within(text.length, limits, 'maxRegExpLength');
  const slash = text.indexOf('/');
  requireForm(slash >= 0, text);
  return attempt(text, () => new RegExp(text.slice(slash + 1), text.slice(0, slash)));
}
