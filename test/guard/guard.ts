/**
 * Holds the figures of one layer against `budgets.ts`: counts must be equal, bytes lie close by. What is better than
 * its budget fails as well, so that the budget is what it says.
 *
 * Each layer is measured in a process of its own, which V8 is told to make steady: nothing is compiled, nothing is collected
 * unless asked for, one thread does all. So nothing here depends on the machine or on what else it does.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { budgets } from './budgets.js';
import type { Budget, Layer } from './budgets.js';
import type { Figures } from './measure.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const flags = [
  '--expose-gc',
  // Compiled code leaves out what it sees unused, from the moment that it is there.
  '--no-opt',
  '--no-lazy-feedback-allocation',
  '--no-flush-bytecode',
  '--predictable',
  '--single-threaded',
  // Nothing is collected while something is measured: in MB.
  '--min-semi-space-size=64',
  '--max-semi-space-size=64',
];

/** By which part figures may differ from their budget; others must be equal. */
const margins: Partial<Record<keyof Figures, number>> = {
  // Steady to a hundredth while nothing changes; what was measured before moves them by a few more.
  allocated: 0.1,
  kept: 0.1,
  // Ids are counted, and have as many digits as they need.
  sentBytes: 0.02,
  answeredBytes: 0.02,
  clockReads: 0.01,
};

/** Of nothing, too, a few bytes are kept. */
const leastMargin = 4;

const timeoutMs = 240_000;

/** The sources with what measures them, lowered as for devices. */
async function bundle(layer: Layer): Promise<string> {
  const file = here(`../../.cache/guard/${layer}.cjs`);
  await build({
    entryPoints: [here('./main.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'es2017',
    supported: { bigint: true },
    logLevel: 'error',
  });
  return file;
}

async function figuresOf(layer: Layer): Promise<Record<string, Figures>> {
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, await bundle(layer), layer]);
  return JSON.parse(stdout) as Record<string, Figures>;
}

/** Counts are the same in all, bytes are V8's: those of Node 22 differ by an object here and there. */
const bytesAreThoseBudgeted = process.version.startsWith('v20.');

const perOperation: ReadonlySet<keyof Figures> = new Set(['allocated', 'kept'] as const);

/** What a budget does not name is 0. */
function isWithin(what: keyof Figures, figure: number, budget: number): boolean {
  if (perOperation.has(what) && !bytesAreThoseBudgeted) return true;
  const margin = margins[what];
  return margin === undefined
    ? figure === budget
    : Math.abs(figure - budget) <= Math.max(budget * margin, leastMargin);
}

/** One line for each figure that is another: what, from what, to what, and what to do. */
export function deviations(layer: string, name: string, figures: Figures, budget: Budget): string[] {
  return (Object.keys(figures) as (keyof Figures)[]).flatMap((what) => {
    const [was, is] = [budget[what] ?? 0, figures[what]];
    if (isWithin(what, is, was)) return [];
    const shown = Math.round(is);
    const unit = perOperation.has(what) ? ' bytes each' : '';
    return [
      `${layer}: "${name}" has ${is > was ? 'grown' : 'shrunk'}: ${what} ${was} → ${shown}${unit}. ` +
        `If that is meant, write \`${what}: ${shown}\` into test/guard/budgets.ts.`,
    ];
  });
}

/** The tests of one layer, one for each operation. */
export function guardLayer(layer: Layer): void {
  describe(`what ${layer} costs`, () => {
    let measured: Record<string, Figures> = {};
    beforeAll(async () => {
      measured = await figuresOf(layer);
    }, timeoutMs);

    it.each(Object.entries(budgets[layer]))('is as budgeted: %s', (name, budget) => {
      const figures = measured[name];
      expect(figures, 'it is measured').toBeDefined();
      // A message of its own, for the difference of two lists says less.
      const found = deviations(layer, name, figures as Figures, budget);
      if (found.length > 0) expect.fail(found.join('\n'));
    });

    it('is budgeted for every operation that is measured', () => {
      expect(Object.keys(budgets[layer])).toEqual(Object.keys(measured));
    });
  });
}
