/** How fast a cost grows, from the nanoseconds of one item at several n. */

export interface Point {
  readonly n: number;
  /** Nanoseconds of one item among n. */
  readonly cost: number;
}

/** What n log n is of one item; of one alone it is no less than of two. */
const depth = (n: number): number => Math.log2(Math.max(n, 2));

/**
 * By which power of n the costs grow beyond n log n: the slope of a straight line through the logarithms of (cost / log n),
 * by least squares. About 0 for n log n, below it for n, 0.5 for n^1.5 log n, nearly 1 for n². `NaN` of fewer than two.
 */
export function overallExcess(points: readonly Point[]): number {
  const xs = points.map(({ n }) => Math.log(n));
  const ys = points.map(({ n, cost }) => Math.log(cost / depth(n)));
  const [meanX, meanY] = [mean(xs), mean(ys)];
  let [products, squares] = [0, 0];
  xs.forEach((x, at) => {
    products += (x - meanX) * ((ys[at] ?? NaN) - meanY);
    squares += (x - meanX) ** 2;
  });
  return products / squares;
}

/** The same between two sizes that follow each other, where it is greatest: a square shows late where its factor is small. */
export function steepestExcess(points: readonly Point[]): number {
  let steepest = NaN;
  pairs(ascending(points)).forEach(([from, to]) => {
    const excess = overallExcess([from, to]);
    if (!(excess <= steepest)) steepest = excess;
  });
  return steepest;
}

/**
 * How many times as much an item costs at some n as at the n below it where it is cheapest; at least 1. Costs that fall are no
 * growth: with few items each carries more of what a turn costs.
 */
export function rise(points: readonly Point[]): number {
  let cheapest = Infinity;
  let greatest = points.length < 2 ? NaN : 1;
  for (const { cost } of ascending(points)) {
    cheapest = Math.min(cheapest, cost);
    greatest = Math.max(greatest, cost / cheapest);
  }
  return greatest;
}

/** How many times as much an item costs as one of `base` at the same n; nothing where that lacks one of the n. */
export function relativeTo(points: readonly Point[], base: readonly Point[]): Point[] {
  const costs = new Map(base.map(({ n, cost }) => [n, cost]));
  const relative = points.map(({ n, cost }) => ({ n, cost: cost / (costs.get(n) ?? NaN) }));
  return relative.every(({ cost }) => !Number.isNaN(cost)) ? relative : [];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function ascending(points: readonly Point[]): Point[] {
  return [...points].sort((a, b) => a.n - b.n);
}

function pairs(points: readonly Point[]): (readonly [Point, Point])[] {
  return points.slice(1).map((to, at) => [points[at] as Point, to] as const);
}
