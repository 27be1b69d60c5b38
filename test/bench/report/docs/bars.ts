/** Horizontal bars: one panel a host, one bar a subject, with a line over the middle half of its rounds. */
import { figure } from '../figures.js';
import { barScale } from './scale.js';
import type { Scale } from './scale.js';
import { WIDTH, label, line, picture, shape } from './svg.js';

export interface Bar {
  readonly name: string;
  readonly kind: 'own' | 'limit' | 'peer';
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Panel {
  readonly title: string;
  readonly bars: readonly Bar[];
}

const LEFT = 236;
const RIGHT = WIDTH - 84;
const ROW = 22;
const HEAD = 30;
const FOOT = 26;
const GAP = 8;

/** @param unit - what the figures are in, written above each panel */
export function barsPlot(title: string, unit: string, panels: readonly Panel[]): string {
  const shapes: string[] = [];
  let top = GAP;
  for (const panel of panels) {
    shapes.push(...panelShapes(panel, unit, top));
    top += HEAD + panel.bars.length * ROW + FOOT + GAP;
  }
  return picture(top, title, shapes);
}

function panelShapes({ title, bars }: Panel, unit: string, top: number): string[] {
  const scale = barScale(bars.flatMap(({ value, high }) => [value, high]));
  const first = top + HEAD;
  const bottom = first + bars.length * ROW;
  const axis = scale.isLog ? `${unit} (log)` : unit;
  return [
    label(16, top + 18, title, { class: 'own' }),
    label(RIGHT, top + 18, axis, { class: 'faint', 'text-anchor': 'end' }),
    ...scale.ticks.flatMap((tick) => tickShapes(scale, tick, first, bottom)),
    ...bars.flatMap((bar, at) => barShapes(bar, scale, first + at * ROW)),
  ];
}

const xOf = (scale: Scale, value: number): number => LEFT + scale.place(value) * (RIGHT - LEFT);

function tickShapes(scale: Scale, tick: number, top: number, bottom: number): string[] {
  const x = xOf(scale, tick);
  return [
    line(x, top, x, bottom + 4, 'grid'),
    label(x, bottom + 18, axisFigure(tick), { class: 'faint', 'text-anchor': 'middle' }),
  ];
}

function barShapes({ name, kind, value, low, high }: Bar, scale: Scale, top: number): string[] {
  const [middle, end] = [top + ROW / 2, xOf(scale, value)];
  const [from, to] = [xOf(scale, low), xOf(scale, high)];
  const bold = kind === 'own' ? { class: 'own' } : {};
  return [
    label(LEFT - 10, middle + 4, name, { 'text-anchor': 'end', ...bold }),
    shape('rect', {
      class: `bar ${kind}`,
      x: LEFT,
      y: top + 4,
      width: Math.max(1, end - LEFT),
      height: ROW - 8,
    }),
    ...(to - from > 1 ? [line(from, middle, to, middle, 'whisker')] : []),
    label(Math.max(end, to) + 6, middle + 4, figure(value), bold),
  ];
}

/** A number at an axis: no more digits than it has. */
export function axisFigure(value: number): string {
  return value >= 1
    ? value.toLocaleString('en', { maximumFractionDigits: 2 })
    : String(Number(value.toPrecision(3)));
}
