/**
 * Ports that nobody holds. A port whose other side is in another thread is known to its link, so it would live for ever;
 * where the engine tells what it collects, the link knows it weakly as long as nobody listens to it, and when it is
 * collected its queue is closed, which tells the other thread.
 *
 * @see https://html.spec.whatwg.org/multipage/web-messaging.html#ports-and-garbage-collection
 */

interface WeakReference<T extends object> {
  deref(): T | undefined;
}
interface Registry {
  register(object: object, queue: Closable, token: object): void;
  unregister(token: object): void;
}
interface Closable {
  close(): void;
}
declare const WeakRef: (new <T extends object>(object: T) => WeakReference<T>) | undefined;
declare const FinalizationRegistry: (new (collected: (queue: Closable) => void) => Registry) | undefined;

/** Whether this engine tells what it collects. */
export const tellsCollection = typeof WeakRef === 'function' && typeof FinalizationRegistry === 'function';

let registry: Registry | undefined;

/** A reference that does not keep `object` alive; when it is collected, `queue` is closed. */
export function refer<T extends object>(object: T, queue: Closable): WeakReference<T> {
  // Invariant: asked only where `tellsCollection`.
  closeWithObject(object, queue);
  return new (WeakRef as NonNullable<typeof WeakRef>)(object);
}

/** Closes `closable` when `object` is collected, where this engine tells that; `closable` must not lead to `object`. */
export function closeWithObject(object: object, closable: Closable): void {
  if (!tellsCollection) return;
  registry ??= new (FinalizationRegistry as NonNullable<typeof FinalizationRegistry>)((each) => each.close());
  registry.register(object, closable, closable);
}

/** `queue` belongs to another object now, or to none. */
export function forgetReference(queue: Closable): void {
  registry?.unregister(queue);
}

export type { WeakReference };
