/** Who listens to something that the platform tells. */
export interface Listeners<T> {
  /** Gives an unlisten. */
  add(listener: (value: T) => void): () => void;
  /** Tells all who listen now; what one throws is reported and stops no other. */
  tell(value: T): void;
}

/** An empty list, whose listeners' errors go to `reportError`. */
export function createListeners<T>(reportError: (error: unknown) => void): Listeners<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell(value) {
      for (const listener of Array.from(listeners)) {
        try {
          listener(value);
        } catch (error) {
          reportError(error);
        }
      }
    },
  };
}
