/**
 * How many jobs a thread is given at once. What is in the pipe cannot be stolen any more, nor overtaken by what is more
 * urgent; but with one at a time the thread would wait for us after each. So about as many as take it {@link aheadMs}.
 */

/**
 * Milliseconds of work that lie at a thread. It must be more than what passes here from hearing of it to hearing of it again:
 * a slice with its messages, an idle period, and a job that began at the end of each, about 20 ms. With less the mean is that
 * of our own slices, the window follows it, and the thread stands still: with 20 one of two threads did a tenth of the jobs
 * while this one ran the rest (`npm run bench -- pool`).
 */
const aheadMs = 40;

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
