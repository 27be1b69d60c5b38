/** A warning or an error on the console that no test expected fails the test in which it was written. */
import { afterEach, beforeEach, expect } from 'vitest';

const watched = ['warn', 'error'] as const;
let written: string[] = [];

for (const level of watched) {
  console[level] = (...values: unknown[]) => {
    written.push(`console.${level}: ${values.map(String).join(' ')}`);
  };
}

beforeEach(() => {
  written = [];
});

afterEach(() => {
  expect(written, 'a test that expects a warning replaces the console for itself').toEqual([]);
});
