/**
 * What is to be done once when a slice ends.
 *
 * Invariant: each entry runs once; one that throws is reported and stops no other; what is added while the list runs
 * waits for the next run.
 */
export class FlushList {
  private flushes: (() => void)[] = [];

  constructor(private readonly host: { reportError(error: unknown): void }) {}

  get length(): number {
    return this.flushes.length;
  }

  add(flush: () => void): void {
    this.flushes.push(flush);
  }

  run(): void {
    const { flushes } = this;
    if (flushes.length === 0) return;
    this.flushes = [];
    for (let at = 0; at < flushes.length; at++) {
      try {
        (flushes[at] as () => void)();
      } catch (error) {
        this.host.reportError(error);
      }
    }
  }
}
