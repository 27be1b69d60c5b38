/**
 * The few shapes that the plots are made of. Each plot brings its own background and colours for light and for dark, so it can
 * be read wherever it is shown, and its text is text.
 */

export const WIDTH = 760;
export const FONT = 13;

const style = `
  .back { fill: #ffffff; } text { font: ${String(FONT)}px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: #24292f; }
  .faint { fill: #57606a; } .own { font-weight: 600; } .grid { stroke: #d0d7de; stroke-width: 1; }
  .bar { fill: #8c959f; } .bar.limit { fill: #c3cad1; } .bar.own { fill: #0969da; } .whisker { stroke: #24292f; stroke-width: 1.5; }
  .c0 { --c: #0969da; } .c1 { --c: #bc4c00; } .c2 { --c: #1a7f37; } .c3 { --c: #8250df; } .c4 { --c: #bf3989; }
  .c5 { --c: #9a6700; } .c6 { --c: #116d77; } .c7 { --c: #cf222e; } .c8 { --c: #57606a; }
  polyline, .leader { fill: none; stroke: var(--c); stroke-width: 2; } .leader { stroke-width: 1; opacity: .6; } .dot { fill: var(--c); } .named { fill: var(--c); }
  @media (prefers-color-scheme: dark) {
    .back { fill: #0d1117; } text { fill: #e6edf3; } .faint { fill: #9198a1; } .grid { stroke: #30363d; }
    .bar { fill: #656c76; } .bar.limit { fill: #3d444d; } .bar.own { fill: #4493f8; } .whisker { stroke: #e6edf3; }
    .c0 { --c: #4493f8; } .c1 { --c: #f0883e; } .c2 { --c: #3fb950; } .c3 { --c: #ab7df8; } .c4 { --c: #db61a2; }
    .c5 { --c: #d29922; } .c6 { --c: #39c5cf; } .c7 { --c: #f85149; } .c8 { --c: #9198a1; }
    .named { fill: var(--c); }
  }`;

/** How many colours there are for lines. */
export const COLOURS = 9;

export type Attributes = Readonly<Record<string, string | number>>;

export function escapeText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

export function shape(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${writtenOf(value)}"`);
  return `<${name}${written.join('')}${content === '' ? '/>' : `>${content}</${name}>`}`;
}

function writtenOf(value: string | number): string {
  return typeof value === 'string' ? escapeText(value) : String(Math.round(value * 10) / 10);
}

export function label(x: number, y: number, text: string, attributes: Attributes = {}): string {
  return shape('text', { x, y, ...attributes }, escapeText(text));
}

export function line(x1: number, y1: number, x2: number, y2: number, kind: string): string {
  return shape('line', { x1, y1, x2, y2, class: kind });
}

/** A whole picture. @param title - what a reader who sees no picture is told */
export function picture(height: number, title: string, shapes: readonly string[]): string {
  const size = { width: WIDTH, height, viewBox: `0 0 ${String(WIDTH)} ${String(Math.ceil(height))}` };
  const content = [
    shape('title', {}, escapeText(title)),
    `<style>${style}\n</style>`,
    shape('rect', { class: 'back', width: WIDTH, height, rx: 6 }),
    ...shapes,
  ];
  return `${shape('svg', { xmlns: 'http://www.w3.org/2000/svg', role: 'img', ...size }, `\n${content.join('\n')}\n`)}\n`;
}
