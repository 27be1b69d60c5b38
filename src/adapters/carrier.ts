/**
 * How a message travels through a mini-program's worker channel: as it is, or as JSON text where the platform is known
 * to damage nested data. Both ends understand both, message by message, so an end that does not know yet what it runs
 * on is understood all the same.
 */

/** Platforms whose worker messages lose parts of nested arrays or refuse buffers: text is the only safe carrier. */
export const textCarriers: ReadonlySet<string> = new Set(['my', 'qq', 'swan']);

const textKey = 'mp-lanes.json';

/** `message` in one string. An object around it, because old clients refuse anything else. */
export function toText(message: unknown): unknown {
  return { [textKey]: JSON.stringify(message) };
}

function ownKeys(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

/** Whether what a listener got is text of ours. */
export function isText(received: unknown): boolean {
  return readText(unwrap(received)) !== undefined;
}

/** Clients differ in whether a listener gets the message itself or `{ message }`; our frames are never `{ message }`. */
function unwrap(received: unknown): unknown {
  const keys = ownKeys(received);
  return keys.length === 1 && keys[0] === 'message' ? (received as { message: unknown }).message : received;
}

function readText(value: unknown): string | undefined {
  const keys = ownKeys(value);
  if (keys.length !== 1 || keys[0] !== textKey) return undefined;
  const text = (value as Record<string, unknown>)[textKey];
  return typeof text === 'string' ? text : undefined;
}

/** The message in what a listener got. Text that does not parse is handed on as it is: the decoder refuses it. */
export function readCarried(received: unknown): unknown {
  const value = unwrap(received);
  const text = readText(value);
  if (text === undefined) return value;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return value;
  }
}
