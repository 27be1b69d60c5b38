/** From a value to a place on an axis, and the round numbers that are written beside it. */

export interface Scale {
  readonly isLog: boolean;
  /** The ends of the axis. */
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  /** 0 at `from`, 1 at `to`; values beyond are held at the ends. */
  place(this: void, value: number): number;
}

/** Where the greatest value is so many times the least, a linear axis shows nothing of the least. */
const LOG_FROM = 20;
const MOST_TICKS = 6;

/** An axis for bars: from 0 where that shows all of them, else logarithmic from the power of ten below the least. */
export function barScale(values: readonly number[]): Scale {
  const positive = values.filter((value) => value > 0);
  const [least, most] = [Math.min(...positive), Math.max(...positive)];
  if (positive.length === 0) return linearScale(1);
  return most / least > LOG_FROM ? logScale(least, most) : linearScale(most);
}

/** From 0 to the round number at or above `most`. */
export function linearScale(most: number): Scale {
  const step = roundStep(most / (MOST_TICKS - 1));
  const steps = Math.max(1, Math.ceil(most / step - 1e-9));
  const ticks = Array.from({ length: steps + 1 }, (_, at) => Number((at * step).toPrecision(12)));
  const to = ticks.at(-1) ?? 1;
  return { isLog: false, from: 0, to, ticks, place: (value) => held(value / to) };
}

/** From the power of ten below `least` to the one at or above `most`. */
export function logScale(least: number, most: number): Scale {
  // A bar of the least must not be one without any length.
  const low = Math.ceil(Math.log10(least) - 1e-9) - 1;
  const high = Math.max(low + 1, Math.ceil(Math.log10(most) - 1e-9));
  const every = Math.ceil((high - low + 1) / MOST_TICKS);
  const ticks: number[] = [];
  for (let power = low; power <= high; power += every) ticks.push(10 ** power);
  const place = (value: number): number => (value > 0 ? held((Math.log10(value) - low) / (high - low)) : 0);
  return { isLog: true, from: 10 ** low, to: 10 ** high, ticks, place };
}

/** 1, 2 or 5 times a power of ten, at or above `least`. */
export function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].find((each) => each * power >= least * (1 - 1e-9)) ?? 10;
  return step * power;
}

function held(place: number): number {
  return Math.min(1, Math.max(0, place));
}
