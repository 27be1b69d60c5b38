/**
 * A port that comes home. When a port is sent back to the thread that its other side is in, its messages would go there
 * and back: out on leg `a`, through the thread that sent it, in on leg `b`. So that thread asks to `join` the two, and:
 *
 *     X ─ leg a ═══ relay ═══ leg b ─ Y      the two ends stop sending by their legs, and send a `fence` as the last frame;
 *     X ─ leg a ─┐         ┌─ leg b ─ Y      what they post now is held;
 *                └─────────┘                 when the fence has come round, all that was under way has arrived: what was
 *     X ────────────────────────────── Y     held follows, and when both fences have, the legs are gone.
 *
 * What must always hold: what X posted reaches Y in order, and `close` last, at whatever moment the way becomes short.
 */
import { Ring } from '../core/ring.js';
import type { Entangled, Parcel } from './entangled.js';
import { disentangle, entangle } from './entangled.js';

/** What a splice needs of a leg. */
interface Spliced extends Entangled {
  /** Sends the fence, after all that waits there. */
  sendFence(): void;
  /** Its id means nothing any more. */
  retire(): void;
}

/** One direction: from the side behind `from` to the side behind `to`. */
class Direction {
  private held: Ring<Parcel> | null = new Ring<Parcel>();
  private ended = false;

  constructor(private readonly to: Spliced) {}

  get isDone(): boolean {
    return this.held === null;
  }

  forward(parcel: Parcel): void {
    if (this.held !== null) this.held.push(parcel);
    else if (this.to.peer !== null) this.to.peer.forward(parcel);
    else parcel.dispose();
  }

  /** The side that sends is closed. */
  end(): void {
    this.ended = true;
    if (this.held === null) disentangle(this.to)?.peerClosed();
  }

  /** What went the long way has arrived. */
  release(): void {
    const { held } = this;
    this.held = null;
    held?.drain((parcel) => this.forward(parcel));
    if (this.ended) this.end();
  }

  drop(): void {
    this.held?.drain((parcel) => parcel.dispose());
  }
}

/** Two legs of one link that are becoming a pair of this thread. */
export class Splice {
  private readonly out: Direction;
  private readonly back: Direction;

  constructor(
    private readonly first: Spliced,
    private readonly second: Spliced,
  ) {
    this.out = new Direction(second);
    this.back = new Direction(first);
    first.sendFence();
    second.sendFence();
  }

  /** What the side behind `leg` sends. */
  forward(leg: object, parcel: Parcel): void {
    this.from(leg).forward(parcel);
  }

  /** The side behind `leg` is closed. */
  end(leg: object): void {
    this.from(leg).end();
  }

  /** The fence came in on `leg`; false when it had come before. */
  fence(leg: object): boolean {
    const direction = leg === this.first ? this.back : this.out;
    if (direction.isDone) return false;
    direction.release();
    if (this.out.isDone && this.back.isDone) this.finish();
    return true;
  }

  /** The way round is broken: what is held is lost as what was under way is. */
  abandon(): void {
    this.out.drop();
    this.back.drop();
  }

  private from(leg: object): Direction {
    return leg === this.first ? this.out : this.back;
  }

  private finish(): void {
    const [x, y] = [disentangle(this.first), disentangle(this.second)];
    this.first.retire();
    this.second.retire();
    if (x !== null && y !== null) entangle(x, y);
  }
}
