/**
 * How many jobs a thread is given at once. What is in the pipe cannot be stolen any more, nor overtaken by what is more
 * urgent; but with one at a time the thread would wait for us after each. So about as many as take it {@link aheadMs}.
 */

/**
 * Milliseconds of work that lie at a thread: its slice of 5 ms, at whose end it answers, our own slice of 5 ms, before whose
 * end we do not hear it, the way there and back, and what an operating system with too few cores adds. `npm run bench -- pool`
 * measures it again: at 10 two threads on two cores stood still for a tenth of the time, above 20 nothing was gained.
 */
const aheadMs = 20;

/** A job that takes so long is alone at the thread: what the pipe costs is little beside it. */
const aloneMs = 50;

/** Before anything is known. */
const firstSize = 4;

/** Milliseconds of work after which the mean is taken anew: answers come in bursts of a slice. */
const epochMs = 10;

/** Learns from the answers of a thread how many jobs it should have. */
export class InFlightWindow {
  size: number;
  private meanMs = 0;
  private epochStartMs = 0;
  private answers = 0;

  constructor(private readonly most: number) {
    this.size = Math.min(firstSize, most);
  }

  /** The thread had nothing to do until now. */
  begin(nowMs: number): void {
    this.epochStartMs = nowMs;
    this.answers = 0;
  }

  /** The thread has answered one more. */
  answered(): void {
    this.answers++;
  }

  /**
   * All answers that were here have been heard. When it `ranDry`, it had answered all that it was given while others waited:
   * then nobody knows for how long it stood still, and how short its jobs are.
   */
  heard(nowMs: number, ranDry: boolean): void {
    const passedMs = nowMs - this.epochStartMs;
    const meanMs = passedMs / Math.max(1, this.answers);
    if (meanMs > aloneMs) this.size = 1;
    else if (ranDry) this.size = Math.min(this.most, this.size * 2);
    else if (passedMs >= epochMs) {
      this.meanMs = this.meanMs === 0 ? meanMs : (this.meanMs + meanMs) / 2;
      this.size = Math.min(this.most, Math.ceil(aheadMs / this.meanMs) + 1);
    } else return;
    this.begin(nowMs);
  }
}
