import { defineConfig } from 'vitest/config';

/**
 * Every test of the repository in one run. Real servers and real processes are slow when two cores are busy:
 * the time-outs are there to end a hang, not to measure.
 */
export default defineConfig({
  test: {
    include: ['{libs,services,programs}/*/test/**/*.test.ts', 'tools/**/*.test.ts', 'tests/e2e/**/*.test.ts'],
    exclude: ['**/node_modules/**', '.toolchain/**', '.data/**', '.tmp/**'],
    globalSetup: ['tests/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    reporters: ['default'],
    sequence: { concurrent: false },
    allowOnly: false,
  },
});
