/** Where in a value something sits, written as one would write the expression: `value.rows[3].onTap`. */

const identifier = /^[A-Za-z_$][\w$]*$/;
/** More steps than this are shortened in the middle: a value may be nested 100,000 levels deep. */
const shownSteps = 24;

/** One step of a path: a property, an index, or a ready-made piece such as `.get("a")`. */
export function propertyStep(key: string | number): string {
  if (typeof key === 'number' || /^(0|[1-9]\d{0,14})$/.test(key)) return `[${key}]`;
  return identifier.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** Joins `steps` below `value`. */
export function pathOf(steps: readonly string[]): string {
  if (steps.length <= shownSteps) return `value${steps.join('')}`;
  const half = shownSteps / 2;
  return `value${steps.slice(0, half).join('')}…(${steps.length - shownSteps} more)…${steps.slice(-half).join('')}`;
}

/** A short picture of a primitive or object used as a Map key. */
export function keyPicture(key: unknown): string {
  if (typeof key === 'string') return JSON.stringify(key.length > 40 ? `${key.slice(0, 40)}…` : key);
  return typeof key === 'object' || typeof key === 'function' ? '{…}' : String(key);
}
