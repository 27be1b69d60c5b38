/** Heap over operations: ten steps, a straight line through them, and its slope in bytes an operation. */
const steps = 10;
/** Bytes an operation from which on something is kept for each: the smallest object that V8 has takes 12. */
const limit = 1;

/** What is held after everything that can be collected was: JavaScript objects and the bytes of buffers. */
function heldBytes(): number {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('Run it by `npm run test:soak`, or with node --expose-gc.');
  // Buffers are freed by a collection after the one that found them unreachable.
  for (let round = 0; round < 4; round++) gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** The slope of the line of least squares. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const covariance = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const variance = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return covariance / variance;
}

/**
 * Runs `batch` until it has done `operations`, prints the heap at each of ten steps and the slope.
 * @param batch - does some operations, all of them ended when it returns, and gives how many
 * @returns whether the heap stayed flat: below one byte an operation
 */
export async function staysFlat(
  name: string,
  operations: number,
  batch: () => number | Promise<number>,
): Promise<boolean> {
  // Code, shapes and tables are made once; that is not growth.
  await runAtLeast(operations / 20, batch);
  const points: [number, number][] = [[0, heldBytes()]];
  const startedMs = Date.now();
  console.log(`\n${name}: ${operations.toLocaleString('en')} operations`);
  for (let step = 1, done = 0; step <= steps; step++) {
    done += await runAtLeast((operations * step) / steps - done, batch);
    const bytes = heldBytes();
    points.push([done, bytes]);
    console.log(`  ${String(done).padStart(9)}  ${(bytes / 1024).toFixed(1).padStart(9)} KiB`);
  }
  const slope = slopeOf(points);
  const seconds = (Date.now() - startedMs) / 1000;
  const verdict = slope < limit ? 'flat' : 'GROWS';
  console.log(`  ${slope.toFixed(4)} bytes an operation: ${verdict} (${seconds.toFixed(0)} s)`);
  return slope < limit;
}

/** Each batch in a turn of its own: until a turn ends the engine keeps what a weak reference was made for. */
async function runAtLeast(operations: number, batch: () => number | Promise<number>): Promise<number> {
  let done = 0;
  while (done < operations) {
    done += await batch();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return done;
}
