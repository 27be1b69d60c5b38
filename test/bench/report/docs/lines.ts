/** Lines over how many there are: both axes logarithmic, so that what costs the same however many there are lies flat. */
import { axisFigure } from './bars.js';
import { logScale } from './scale.js';
import type { Scale } from './scale.js';
import { COLOURS, FONT, WIDTH, label, line, picture, shape } from './svg.js';

export interface Line {
  readonly name: string;
  readonly points: readonly { readonly n: number; readonly value: number }[];
}

const LEFT = 74;
const RIGHT = WIDTH - 250;
const TOP = 34;
const LEAST_HEIGHT = 240;
const LABEL = FONT + 5;

/** @param unit - what the values are in */
export function linesPlot(title: string, unit: string, lines: readonly Line[]): string {
  const points = lines.flatMap((each) => each.points);
  if (points.length === 0) return picture(TOP, title, []);
  const bottom = TOP + Math.max(LEAST_HEIGHT, lines.length * LABEL);
  const x = xScale(points.map(({ n }) => n));
  const values = points.map(({ value }) => value);
  const y = logScale(Math.min(...values), Math.max(...values));
  const xOf = (n: number): number => LEFT + x.place(n) * (RIGHT - LEFT);
  const yOf = (value: number): number => bottom - y.place(value) * (bottom - TOP);
  const ends = lines.map((each) => yOf(each.points.at(-1)?.value ?? NaN));
  const places = spread(ends, LABEL, TOP + 6, bottom);
  return picture(bottom + 46, title, [
    label(16, 20, `${unit} (log)`, { class: 'faint' }),
    ...y.ticks.flatMap((tick) => [
      line(LEFT, yOf(tick), RIGHT, yOf(tick), 'grid'),
      label(LEFT - 8, yOf(tick) + 4, axisFigure(tick), { class: 'faint', 'text-anchor': 'end' }),
    ]),
    ...x.ticks.flatMap((tick) => [
      line(xOf(tick), TOP, xOf(tick), bottom, 'grid'),
      label(xOf(tick), bottom + 18, axisFigure(tick), { class: 'faint', 'text-anchor': 'middle' }),
    ]),
    label((LEFT + RIGHT) / 2, bottom + 38, 'n (log)', { class: 'faint', 'text-anchor': 'middle' }),
    ...lines.map((each, at) => lineShapes(each, at, xOf, yOf, ends[at] ?? NaN, places[at] ?? NaN)),
  ]);
}

/** From the least n itself: a line has no length that an axis would have to show. */
function xScale(sizes: readonly number[]): Scale {
  const least = Math.min(...sizes);
  return logScale(least * 10 ** 0.999, Math.max(...sizes));
}

function lineShapes(
  { name, points }: Line,
  at: number,
  xOf: (n: number) => number,
  yOf: (value: number) => number,
  end: number,
  place: number,
): string {
  const path = points.map(({ n, value }) => `${xOf(n).toFixed(1)},${yOf(value).toFixed(1)}`).join(' ');
  const last = xOf(points.at(-1)?.n ?? NaN);
  return shape(
    'g',
    { class: `c${String(at % COLOURS)}` },
    [
      shape('polyline', { points: path }),
      ...points.map(({ n, value }) => shape('circle', { class: 'dot', cx: xOf(n), cy: yOf(value), r: 3 })),
      line(last + 5, end, RIGHT + 12, place, 'leader'),
      label(RIGHT + 16, place + 4, name, { class: 'named' }),
    ].join(''),
  );
}

/**
 * Places for labels beside `wanted`, at least `gap` apart and between the ends, in the order of what they are beside.
 * Those that would touch are moved together around their middle.
 */
export function spread(wanted: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = wanted.map((_, at) => at).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const places: number[] = [];
  let lowest = top - gap;
  for (const at of order) {
    lowest = Math.max(lowest + gap, wanted[at] ?? 0);
    places[at] = lowest;
  }
  let highest = bottom + gap;
  for (const at of [...order].reverse()) {
    highest = Math.min(highest - gap, places[at] ?? 0);
    places[at] = highest;
  }
  return places;
}
