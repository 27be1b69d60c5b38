/** Refusing what somebody gave: apart from `errors.ts`, because not every entry refuses anything. */
import { LanesError } from './errors.js';

/** A value as error messages show it: texts in quotation marks. */
export function shownValue(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** @throws LanesError `ERR_INVALID_ARGUMENT`: `name` must be what is `wanted`, not `value` */
export function refuseArgument(name: string, wanted: string, value: unknown): never {
  const message = `${name} must be ${wanted}, not ${shownValue(value)}`;
  throw new LanesError('ERR_INVALID_ARGUMENT', message, { value });
}
