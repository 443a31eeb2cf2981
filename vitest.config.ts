import { defineConfig } from 'vitest/config';

const ALONE = ['e2e/overload/**/*.integration.test.ts', 'e2e/torture/**/*.integration.test.ts'];

/** A whole benchmark with a peer beside it: `npm run test:peers`, for who changes bench/peers. */
const PEERS = ['bench/peers/peers-bench.integration.test.ts'];

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
          globalSetup: 'server/src/store/engine/test/share-engine.ts',
          // A worker reads the sources once, not for every file.
          isolate: false,
          exclude: [...ALONE, ...PEERS, '**/node_modules/**', '**/dist/**'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // One after the other: they measure memory, or load the machine by themselves.
        test: {
          name: 'alone',
          include: ALONE,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'peers',
          include: PEERS,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
