import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPicture } from './canvas.js';
import type { Picture } from './canvas.js';
import { openMiniProgram } from './mini-program.js';

type Name = 'smooth' | 'sharpen' | 'paint';
interface Filters {
  createFilter(
    picture: { pixels: ArrayBuffer; width: number; height: number },
    settings: { filter: Name; radius: number },
  ): (y: number, out: Uint8ClampedArray, at: number) => void;
}

const names = ['smooth', 'sharpen', 'paint'] as const;
const workers = openMiniProgram('miniprogram-demo/miniprogram/workers', { wx: undefined as never });
const { createFilter } = workers.require('image-filters') as Filters;

function filtered({ pixels, width, height }: Picture, filter: Name, radius: number): Uint8ClampedArray {
  const filterRow = createFilter({ pixels: pixels.slice().buffer, width, height }, { filter, radius });
  const out = new Uint8ClampedArray(pixels.length);
  for (let y = 0; y < height; y++) filterRow(y, out, y * width * 4);
  return out;
}

/** A picture of which `light` says how light it is at a place. */
function drawn(width: number, height: number, light: (x: number, y: number) => number): Picture {
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const value = light(x, y);
      pixels.set([value, value, value, 255], (y * width + x) * 4);
    }
  return { pixels, width, height };
}

const reds = (pixels: Uint8ClampedArray): number[] => Array.from(pixels).filter((_, at) => at % 4 === 0);

function roughness(pixels: Uint8ClampedArray): number {
  return reds(pixels).reduce((sum, red, at, all) => sum + Math.abs(red - (all[at - 1] ?? red)), 0);
}

describe.each(names)('%s', (filter) => {
  it('leaves a picture of one colour as it is, up to its borders', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 6 }),
        (colour, width, height, radius) => {
          const pixels = Uint8ClampedArray.from({ length: width * height * 4 }, (_, at) => colour[at % 4]!);
          expect(filtered({ pixels, width, height }, filter, radius)).toEqual(pixels);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('looks no further than its radius', () => {
    const before = createPicture(20, 9);
    const after = { ...before, pixels: before.pixels.slice() };
    after.pixels.set([255, 255, 255], 4 * 19); // far right, above
    const [a, b] = [filtered(before, filter, 3), filtered(after, filter, 3)];
    for (let y = 0; y < 9; y++) {
      const nearby = y <= 3 ? 16 : 20;
      expect(a.slice(y * 80, y * 80 + nearby * 4)).toEqual(b.slice(y * 80, y * 80 + nearby * 4));
    }
    expect(a).not.toEqual(b);
  });

  it('keeps an edge where it is', () => {
    const picture = drawn(16, 8, (x) => (x < 8 ? 20 : 230));
    const row = reds(filtered(picture, filter, 4)).slice(0, 16);
    expect(Math.max(...row.slice(0, 8))).toBeLessThan(25);
    expect(Math.min(...row.slice(8))).toBeGreaterThan(225);
  });

  it('keeps the alpha of each pixel', () => {
    const { pixels, width, height } = createPicture(8, 8);
    for (let at = 3; at < pixels.length; at += 4) pixels[at] = at % 256;
    const alphas = (bytes: Uint8ClampedArray): number[] => Array.from(bytes).filter((_, at) => at % 4 === 3);
    expect(alphas(filtered({ pixels, width, height }, filter, 2))).toEqual(alphas(pixels));
  });
});

describe('what they do to noise', () => {
  const noisy = drawn(24, 24, (x, y) => 100 + ((x * 7 + y * 13) % 5) * 5);

  it.each(['smooth', 'paint'] as const)('%s takes it away', (filter) => {
    expect(roughness(filtered(noisy, filter, 4))).toBeLessThan(roughness(noisy.pixels) / 2);
  });

  it('sharpen makes more of it', () => {
    expect(roughness(filtered(noisy, 'sharpen', 4))).toBeGreaterThan(roughness(noisy.pixels) * 1.5);
  });

  it('more radius smooths more', () => {
    const slope = drawn(24, 24, (x, y) => 100 + ((x * 7 + y * 13) % 23));
    expect(roughness(filtered(slope, 'smooth', 6))).toBeLessThan(roughness(filtered(slope, 'smooth', 1)));
  });
});
