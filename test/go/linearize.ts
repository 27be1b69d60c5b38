/**
 * Whether a history of overlapping operations could have come from one after another: the search of Wing and Gong, with
 * the memory of Lowe for what was tried before. https://doi.org/10.1006/jpdc.1993.1015 https://doi.org/10.1002/cpe.3928
 */

/** One operation of a history. */
export interface Recorded<I, O> {
  readonly input: I;
  /** When it was called, and when it was over: places in the history. One that never ended has `Infinity`. */
  readonly began: number;
  ended: number;
  output: O | undefined;
}

/** What operations do to a state, one after another. States are compared by their text. */
export interface Spec<S, I, O> {
  readonly initial: S;
  /** The states in which `input` may leave `state` giving `output`; none when it cannot give that there. */
  step(state: S, input: I, output: O | undefined): readonly S[];
  /** Whether one that never ended may also never have happened. Others must have. */
  show(state: S): string;
}

/** Looks for an order in which each operation happens between its call and its end. */
export function isLinearizable<S, I, O>(spec: Spec<S, I, O>, history: readonly Recorded<I, O>[]): boolean {
  const tried = new Set<string>();
  const done = new Array<boolean>(history.length).fill(false);
  const mustEnd = history.filter(({ ended }) => ended < Infinity).length;
  const search = (state: S, left: number): boolean => {
    if (left === 0) return true;
    const key = `${done.map(Number).join('')} ${spec.show(state)}`;
    if (tried.has(key)) return false;
    tried.add(key);
    // Only what began before anything that is left was over may come next.
    const firstEnd = Math.min(...history.map(({ ended }, at) => (done[at] === true ? Infinity : ended)));
    return history.some((each, at) => {
      if (done[at] === true || each.began > firstEnd) return false;
      done[at] = true;
      const isFound = spec
        .step(state, each.input, each.output)
        .some((next) => search(next, left - (each.ended < Infinity ? 1 : 0)));
      done[at] = false;
      return isFound;
    });
  };
  return search(spec.initial, mustEnd);
}

/** Records operations as they begin and end. */
export class History<I, O> {
  readonly operations: Recorded<I, O>[] = [];
  private clock = 0;

  begin(input: I): Recorded<I, O> {
    const operation: Recorded<I, O> = { input, began: this.clock++, ended: Infinity, output: undefined };
    this.operations.push(operation);
    return operation;
  }

  end(operation: Recorded<I, O>, output: O): void {
    operation.ended = this.clock++;
    operation.output = output;
  }

  /** It ended without having happened. */
  drop(operation: Recorded<I, O>): void {
    this.operations.splice(this.operations.indexOf(operation), 1);
  }
}
