import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisFigure, barsPlot } from '../report/docs/bars.js';
import { linesPlot, spread } from '../report/docs/lines.js';
import { barScale, linearScale, logScale, roundStep } from '../report/docs/scale.js';
import { escapeText } from '../report/docs/svg.js';

describe('the scale of bars', () => {
  it('starts at 0 where all bars can be told apart', () => {
    const scale = barScale([10, 43]);
    expect(scale).toMatchObject({ isLog: false, from: 0, to: 50, ticks: [0, 10, 20, 30, 40, 50] });
    expect([0, 25, 50, 99].map((value) => scale.place(value))).toEqual([0, 0.5, 1, 1]);
  });

  it('is logarithmic where the least would not be seen', () => {
    const scale = barScale([2, 900]);
    expect(scale).toMatchObject({ isLog: true, from: 1, to: 1_000, ticks: [1, 10, 100, 1_000] });
    expect(scale.place(10)).toBeCloseTo(1 / 3);
    expect(scale.place(0)).toBe(0);
  });

  it('leaves the least bar a length', () => {
    expect(logScale(10, 1_000).from).toBe(1);
    expect(logScale(10, 1_000).place(10)).toBeGreaterThan(0);
  });

  it('has an axis where there is nothing', () => {
    expect(barScale([]).to).toBeGreaterThan(0);
    expect(barScale([0]).to).toBeGreaterThan(0);
  });

  it('has few ticks, round ones, and holds all values', () => {
    const value = fc.double({ min: 1e-6, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 8 }), (values) => {
        const scale = barScale(values);
        expect(scale.ticks.length).toBeLessThanOrEqual(8);
        expect(scale.to).toBeGreaterThanOrEqual(Math.max(...values) * (1 - 1e-9));
        const places = [...values].sort((a, b) => a - b).map((each) => scale.place(each));
        expect(places).toEqual([...places].sort((a, b) => a - b));
        expect(places.every((place) => place > 0 && place <= 1)).toBe(true);
      }),
    );
  });

  it('goes by 1, 2 and 5', () => {
    expect([0.011, 0.3, 1, 3, 7].map(roundStep)).toEqual([0.02, 0.5, 1, 5, 10]);
    expect(linearScale(0.3).ticks).toEqual([0, 0.1, 0.2, 0.3]);
    expect([0.1, 2.5, 1e6].map(axisFigure)).toEqual(['0.1', '2.5', '1,000,000']);
  });
});

describe('the labels of lines', () => {
  it('keep apart, in the order of their lines, and within the plot', () => {
    const places = spread([50, 51, 10, 200], 18, 10, 120);
    expect(places[2]).toBe(10);
    expect(places[1]! - places[0]!).toBeGreaterThanOrEqual(18);
    expect(places[3]).toBe(120);
  });

  it('never touch where there is room for them', () => {
    const wanted = fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { minLength: 1, maxLength: 11 });
    fc.assert(
      fc.property(wanted, (ends) => {
        const places = spread(ends, 18, 0, 200).sort((a, b) => a - b);
        places.slice(1).forEach((place, at) => expect(place - places[at]!).toBeGreaterThanOrEqual(18 - 1e-9));
        expect(places[0]).toBeGreaterThanOrEqual(-1e-9);
        expect(places.at(-1)).toBeLessThanOrEqual(200 + 1e-9);
      }),
    );
  });
});

describe('a plot', () => {
  const bar = { name: 'a <b> & "c"', kind: 'peer', value: 5, low: 4, high: 6 } as const;

  it('is text that any name fits into', () => {
    const svg = barsPlot('A title', 'ns', [
      { title: 'Node', bars: [bar, { ...bar, kind: 'own', value: 500 }] },
    ]);
    expect(svg).toContain('a &lt;b&gt; &amp; &quot;c&quot;</text>');
    expect(svg).toContain('<title>A title</title>');
    expect(svg).toContain('ns (log)');
    expect(svg).not.toMatch(/NaN|undefined/);
    expect(escapeText('<&>')).toBe('&lt;&amp;&gt;');
  });

  it('has colours for light and for dark, and nothing from elsewhere', () => {
    const svg = barsPlot('A title', 'ns', [{ title: 'Node', bars: [bar] }]);
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|@import|<script/);
  });

  it('of lines has a point for each n, and the name of each line', () => {
    const points = [1_000, 10_000, 100_000].map((n) => ({ n, value: n / 10 }));
    const svg = linesPlot('Growth', 'ns', [{ name: 'tasks', points }]);
    expect(svg.match(/<circle/g)).toHaveLength(3);
    expect(svg).toContain('>tasks</text>');
    expect(svg).not.toMatch(/NaN|undefined/);
  });

  it('of one point, or of none, is one still', () => {
    expect(linesPlot('Growth', 'ns', [{ name: 'tasks', points: [{ n: 1, value: 3 }] }])).not.toContain('NaN');
    expect(linesPlot('Growth', 'ns', [])).toContain('<svg');
  });
});
