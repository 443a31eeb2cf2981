import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Both cores of a small machine; by default one is left idle.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          // Eighty files in a fresh process each took four times as long as their tests.
          pool: 'threads',
          isolate: false,
          include: ['{packages,server,cli,ui,testkit,tools,bench}/**/*.test.ts', '{ui,cli}/**/*.test.tsx'],
          exclude: ['**/*.integration.test.ts', '**/node_modules/**', '**/dist/**'],
          testTimeout: 20_000,
        },
      },
      {
        // Real engine, real sockets, the built program: run `npm run build` first.
        test: {
          name: 'integration',
          include: ['{packages,server,cli,ui,testkit,tools,bench,e2e}/**/*.integration.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
