/** `JSON.stringify` as it was when the library was loaded, and without what others may have added to it. */

const { stringify } = JSON;
const arrayPrototype: object = Array.prototype;

/** Engines before 2019 write half of a surrogate pair as it is, which does not survive UTF-8. */
const wellFormed = stringify('\ud800') === '"\\ud800"';
const surrogates = /[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g;

/** The JSON text of plain data, whatever `toJSON` stands on the prototypes. */
export function jsonOf(value: unknown): string {
  const text = 'toJSON' in arrayPrototype ? textOf(value) : stringify(value);
  return wellFormed ? text : text.replace(surrogates, escapeLone);
}

function escapeLone(match: string): string {
  return match.length === 2 ? match : `\\u${match.charCodeAt(0).toString(16)}`;
}

/** The slow way, which never asks an object for its `toJSON`. Depth is bounded by the encoder. */
function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return stringify(value);
  if (Array.isArray(value)) return `[${value.map(textOf).join(',')}]`;
  const members = Object.keys(value).map((key) => {
    return `${stringify(key)}:${textOf((value as Record<string, unknown>)[key])}`;
  });
  return `{${members.join(',')}}`;
}
