/** Runs a suite with a host's kit and adds what is the same everywhere. */
import type { Kit } from '../../harness/kit.js';
import type { RunSuite, Settings, SuiteResult } from '../../harness/result.js';

export async function runTimed(run: RunSuite, kit: Kit, settings: Settings): Promise<SuiteResult> {
  const startMs = kit.now();
  const result = await run(kit, settings);
  return {
    host: kit.host,
    engine: kit.engine,
    ...result,
    seconds: Math.round((kit.now() - startMs) / 1000),
  };
}

/** The collector that `--expose-gc` gives. @throws Error without the flag */
export function collector(gc: unknown): () => void {
  if (typeof gc !== 'function') throw new Error('the host was started without --expose-gc');
  const collect = gc as () => void;
  return () => {
    // Twice: what has a finaliser goes in the second pass.
    collect();
    collect();
  };
}

/**
 * Counts how often a timer was armed since its first call; takes the place of the host's function then.
 * @param scope - what has that function
 */
export function timerCounter(scope: Pick<typeof globalThis, 'setTimeout'>): () => number {
  let armed: number | null = null;
  return () => {
    if (armed !== null) return armed;
    armed = 0;
    const native = scope.setTimeout as (...args: unknown[]) => unknown;
    const counting = (...args: unknown[]): unknown => {
      armed = (armed ?? 0) + 1;
      return native(...args);
    };
    scope.setTimeout = Object.assign(counting, native) as typeof setTimeout;
    return armed;
  };
}
