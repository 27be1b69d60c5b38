/** A promise of a state that comes and goes. Invariant: `promise` is pending or says how it is now. */
export class Readiness {
  /** Whether somebody is told by the promise at hand. */
  isAsked = false;
  private isSettled = false;
  // Invariant: set by the promise's executor, which runs before anything else.
  private settle!: { resolve(): void; reject(reason: Error): void };
  private current = this.create();

  get promise(): Promise<void> {
    this.isAsked = true;
    return this.current;
  }

  /** It is there. */
  resolve(): void {
    this.isSettled = true;
    this.settle.resolve();
  }

  /** It is not there any more. Whoever waits already waits on. */
  renew(): void {
    if (this.isSettled) this.current = this.create();
  }

  /** It will not be there any more. */
  reject(reason: Error): void {
    this.renew();
    this.settle.reject(reason);
  }

  private create(): Promise<void> {
    this.isAsked = this.isSettled = false;
    const promise = new Promise<void>((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    // Whoever does not ask is told otherwise.
    promise.catch(() => undefined);
    return promise;
  }
}
