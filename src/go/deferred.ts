/** A promise that somebody else settles. */
export interface Deferred {
  readonly promise: Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

export function createDeferred(): Deferred {
  const ends: Partial<Deferred> = {};
  const promise = new Promise((resolve, reject) => Object.assign(ends, { resolve, reject }));
  return { ...(ends as Deferred), promise };
}
