/**
 * The projects of the test suite. They run in groups, one after another: what a browser measures must not share the
 * cores with the unit tests.
 */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const strictConsole = fileURLToPath(new URL('./strict-console.ts', import.meta.url));
const packed = fileURLToPath(new URL('./package/packed.ts', import.meta.url));
const apart = ['demo', 'package', 'cli', 'layers', 'preview', 'official'];
const inBrowser = 'test/interop/chromium.test.ts';

export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    reporters: ['default', ['json', { outputFile: '.cache/test-results.json' }]],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...apart.map((folder) => `test/${folder}/**`), inBrowser],
          setupFiles: [strictConsole],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'dom',
          include: ['test/demo/**/*.test.ts'],
          environment: 'happy-dom',
          setupFiles: [strictConsole],
          testTimeout: 20_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'package',
          include: ['package', 'cli', 'layers'].map((folder) => `test/${folder}/**/*.test.ts`),
          globalSetup: [packed],
          testTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'preview',
          include: ['test/preview/**/*.test.ts', inBrowser],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
