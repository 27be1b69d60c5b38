/** Counts the tasks that ran: a figure is worth nothing unless exactly the tasks that were posted did. */

export class Tally {
  /** How many ran so far. */
  count = 0;
  /** When the last of the expected ones ran. */
  endMs = NaN;
  /** Resolves when the expected number has run. */
  readonly finished: Promise<void>;
  private resolve: () => void = () => undefined;

  constructor(
    private expected: number,
    private readonly now: () => number,
  ) {
    this.finished = new Promise((resolve) => {
      this.resolve = resolve;
    });
  }

  /** The empty task. */
  readonly task = (): void => {
    if (++this.count === this.expected) this.finish();
  };

  /** Expects another number, because tasks were cancelled. */
  expect(expected: number): void {
    this.expected = expected;
    if (this.count >= expected) this.finish();
  }

  /** @throws Error unless exactly the expected number ran; to be asked a few turns after `finished`. */
  assertExact(): void {
    if (this.count !== this.expected)
      throw new Error(`ran ${String(this.count)} tasks where ${String(this.expected)} were to run`);
  }

  private finish(): void {
    this.endMs = this.now();
    this.resolve();
  }
}
