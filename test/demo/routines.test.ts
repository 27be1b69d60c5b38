import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as lanes from '../../src/index.js';
import { openMiniProgram } from './mini-program.js';
import type { OpenPage } from './mini-program.js';
import { createStage } from './stage.js';
import type { Jobs, Stage } from './stage.js';

interface Chunks {
  measureSpeed(): number;
}
interface Sleepers {
  startSleepers(count: number): { readonly bytes: number | null; readonly ended: Promise<void> };
}
interface Sieve {
  startSieve(options: { paceMs: number }): {
    readonly cells: Int16Array;
    readonly primes: readonly number[];
    readonly ended: Promise<void>;
  };
}

const root = 'miniprogram-demo/miniprogram';
const path = 'pages/routines/routines';
const jobCount = 240;
const jobMs = 6;
const stepCount = 12;

let stage: Stage;
let page: OpenPage;
beforeEach(async () => {
  await open();
});
afterEach(() => {
  stage.close();
});

async function open({ worker = true } = {}): Promise<void> {
  stage = createStage({ worker, costlySteps: false, jobMs });
  (stage.app.require('services/chunks') as Chunks).measureSpeed = () => 64;
  slowDown(stage.app.require('shared/pool-jobs') as Jobs);
  page = await stage.open(path);
}

/** Each step of a job takes its part of `jobMs` on this thread. */
function slowDown(module: Jobs): void {
  const { createJobs } = module;
  module.createJobs = (where) => {
    const made = createJobs(where);
    const { hash } = made.jobs;
    made.jobs.hash = function* (...args) {
      for (const steps = hash(...args) as Generator; ; yield) {
        const { done, value } = steps.next() as IteratorResult<unknown>;
        if (done === true) return value;
        stage.host.costMs(jobMs / stepCount);
      }
    };
    return made;
  };
}

async function tap(selector: string, text = '', ms = 200): Promise<void> {
  page.tap(selector, text);
  await stage.host.advance(ms);
}

/** Until the figures show the end, too. */
async function ended(flag: 'sleeping' | 'sieving' | 'pooling'): Promise<void> {
  await stage.until(() => page.data[flag] === false);
  await stage.host.advance(200);
}

function count(name: string): number {
  return Number.parseFloat(page.text(`.count-${name}`).replaceAll(',', ''));
}

const primesBelow = (limit: number): number[] =>
  Array.from({ length: limit }, (_, n) => n).filter(
    (n) => n > 1 && !Array.from({ length: n }, (_each, by) => by).some((by) => by > 1 && n % by === 0),
  );

describe('the page itself', () => {
  const clock = (): number => Number.parseFloat(page.text('.clock'));

  it('is alive: a clock and a dot go on while it is shown', async () => {
    const [from, dot] = [clock(), page.data['dot']];
    await stage.host.advance(700);
    expect(clock() - from).toBeCloseTo(0.7, 1);
    expect(page.data['dot']).not.toBe(dot);
  });

  it('rests while it is hidden, with nothing armed, and goes on where it was', async () => {
    page.lifecycle('onHide');
    await stage.host.advance(100);
    const from = clock();
    expect(stage.host.armed().timer).toBe(0);
    await stage.host.advance(5000);
    page.lifecycle('onShow');
    await stage.host.advance(500);
    expect(clock() - from).toBeGreaterThan(0.3);
    expect(clock() - from).toBeLessThan(0.7);
  });

  it('answers taps', async () => {
    await tap('.tap');
    expect(page.text('.tap-count')).toBe('1');
    expect(page.text('.tap-ms')).toMatch(/^\d+ ms$/);
  });
});

describe('a hundred thousand sleepers', () => {
  it('sleep for a second, all on the one timer of the host, and all wake', async () => {
    await tap('.sleep', '', 600);
    expect(count('asleep')).toBe(100_000);
    expect(stage.host.armed().timer).toBe(1);
    expect(page.data['sleeping']).toBe(true);
    await ended('sleeping');
    expect([count('asleep'), count('awake')]).toEqual([0, 100_000]);
    expect(page.text('.count-started')).toMatch(/^\d+ ms$/);
    expect(page.text('.count-late')).toMatch(/^\d+ ms$/);
  });

  it('are as many as was chosen', async () => {
    await tap('.choice', '10,000');
    await tap('.sleep', '', 500);
    expect(count('asleep')).toBe(10_000);
    await ended('sleeping');
    expect(count('awake')).toBe(10_000);
  });

  it('are not started twice by a second tap', async () => {
    await tap('.choice', '1,000');
    await tap('.sleep');
    await tap('.sleep');
    expect(count('asleep')).toBe(1000);
    await ended('sleeping');
    expect(count('awake')).toBe(1000);
  });

  it('are no concern of a page that was left meanwhile', async () => {
    await tap('.sleep', '', 100);
    page.close();
    await stage.host.advance(3000);
    expect(stage.host.armed().timer).toBe(0);
  });

  it('tell what each takes of the heap, where the host tells of that', async () => {
    const memory = { usedJSHeapSize: 5_000_000 };
    const services = (globals: object): Sleepers =>
      openMiniProgram(root, {
        wx: {},
        packages: { 'mp-lanes': lanes },
        globals: { ...globals, Date: { now: () => stage.host.time.now() } },
      }).require('services/sleepers') as Sleepers;
    for (const [given, bytes] of [
      [{ performance: { memory } }, 200],
      [{ performance: undefined }, null],
      [{ performance: {} }, null],
    ] as const) {
      const run = services(given).startSleepers(1000);
      memory.usedJSHeapSize += 200_000;
      await stage.host.advance(2000);
      await run.ended;
      expect(run.bytes).toBe(bytes);
    }
    expect(page.texts('.count-bytes')).toEqual([]);
  });
});

describe('the prime sieve', () => {
  it('finds all primes below a thousand, in order, and ends with no routine left', async () => {
    await tap('.sift');
    await ended('sieving');
    const primes = primesBelow(1000);
    expect(page.data['found']).toEqual(primes);
    expect([count('primes'), count('last'), count('routines')]).toEqual([168, 997, 0]);
    expect(count('passed')).toBeGreaterThan(10_000);
  });

  it('has each other number dropped by the filter of its smallest factor', async () => {
    const { startSieve } = stage.app.require('services/sieve') as Sieve;
    const run = startSieve({ paceMs: 0 });
    await stage.host.advance(100);
    await run.ended;
    const primes = primesBelow(1000);
    const expected = Array.from({ length: 1000 }, (_, n) => {
      if (n < 2) return -1;
      return primes.includes(n) ? -2 : primes.findIndex((prime) => n % prime === 0);
    });
    expect(Array.from(run.cells)).toEqual(expected);
  });

  it('waits as a whole for whoever is slow at its end', async () => {
    await tap('.choice', 'Slow');
    await tap('.sift', '', 1000);
    const primes = count('primes');
    expect(primes).toBeGreaterThan(15);
    expect(primes).toBeLessThan(30);
    expect(count('routines')).toBe(primes + 2);
    await tap('.choice', 'Full', 0);
    await ended('sieving');
    expect(count('primes')).toBe(168);
  });

  it('can be stopped: no routine is left, and that is no failure', async () => {
    await tap('.choice', 'Slow');
    await tap('.sift', '', 500);
    await tap('.sift', 'Stop');
    const primes = count('primes');
    await stage.host.advance(500);
    expect(primes).toBeLessThan(20);
    expect([count('primes'), count('routines')]).toEqual([primes, 0]);
    expect(page.texts('.failure')).toEqual([]);
    expect(page.text('.sift')).toContain('Sift');
  });

  it('ends with the page', async () => {
    await tap('.sift', '', 100);
    page.close();
    await stage.host.advance(100);
    expect(stage.host.armed().timer).toBe(0);
  });
});

describe('the pool', () => {
  const ran = (): number[] => page.texts('.cell-run').map(Number);

  it('has the worker and this thread run some each, and every job once', async () => {
    await tap('.give');
    await ended('pooling');
    const [inWorker = 0, here = 0] = ran();
    expect(inWorker).toBeGreaterThan(0);
    expect(here).toBeGreaterThan(0);
    expect([inWorker + here, count('begun')]).toEqual([jobCount, jobCount]);
    expect(page.data['waiting']).toBe(0);
    expect(page.texts('.cell-busy')[0]).toMatch(/^\d+%$/);
    expect(page.texts('.cell-wait')[0]).toMatch(/^\d+ ms$/);
    expect(Number(page.texts('.cell-stolen')[1])).toBeGreaterThan(0);
  });

  it('comes to the same results wherever the jobs ran', async () => {
    const sums: string[] = [];
    for (const [name, expected] of [
      ['Worker', [jobCount, 0]],
      ['Logic', [0, jobCount]],
    ] as const) {
      await tap('.pool .choice', name);
      await tap('.give');
      await ended('pooling');
      expect(ran()).toEqual(expected);
      expect(count('begun')).toBe(jobCount);
      sums.push(page.text('.count-sum'));
    }
    expect(sums[0]).toMatch(/^[0-9a-f]{8}$/);
    expect(sums[1]).toBe(sums[0]);
  });

  it('shows how many wait, and can be cancelled, which is no failure', async () => {
    await tap('.give', '', 400);
    expect(page.data['waiting']).toBeGreaterThan(0);
    await tap('.give', 'Cancel');
    const left = page.data['waiting'];
    expect(left).toBeGreaterThan(0);
    await stage.host.advance(1000);
    expect(page.data['waiting']).toBe(left);
    expect(page.data['pooling']).toBe(false);
    expect(page.texts('.failure')).toEqual([]);
    expect(page.text('.count-took')).toBe('–');
  });

  it('keeps to its processors while it runs', async () => {
    await tap('.give', '', 100);
    await tap('.pool .choice', 'Logic');
    expect(page.text('.pool .choice-on')).toContain('Both');
    await ended('pooling');
  });

  it('ends with the page', async () => {
    await tap('.give', '', 100);
    page.close();
    await stage.host.advance(500);
  });
});

describe('without a worker', () => {
  beforeEach(async () => {
    stage.close();
    await open({ worker: false });
  });
  afterEach(() => {
    stage.written.splice(0);
  });

  it('this thread runs all jobs', async () => {
    await tap('.pool .choice', 'Logic');
    await tap('.give');
    await ended('pooling');
    expect(count('begun')).toBe(jobCount);
  });

  it('a pool of the worker alone says with a code why it cannot', async () => {
    await tap('.pool .choice', 'Worker');
    await tap('.give', '', 3000);
    expect(page.text('.failure-code')).toBe('ERR_WORKER_START');
    expect(page.data['pooling']).toBe(false);
  });
});

it('both threads have the same jobs', () => {
  const [here, there] = ['shared', 'workers/shared'].map((folder) =>
    readFileSync(`${root}/${folder}/pool-jobs.js`, 'utf8'),
  );
  expect(there).toBe(here);
});
