// Usage: node bench/cluster/run.mjs [spans of each insert measurement, default 300000]
// Bundles the benchmark as the product is bundled, then runs it.
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const here = dirname(fileURLToPath(import.meta.url));
// Where the bundle finds what it does not contain, and version control does not find it.
const directory = await mkdtemp(join(here, '../../node_modules/.clew-cluster-bench-'));
try {
  const bundle = await rolldown({
    input: join(here, 'cluster-bench.ts'),
    platform: 'node',
    external: ['chdb', 'koffi', '@clickhouse/client'],
    logLevel: 'warn',
  });
  const file = join(directory, 'cluster-bench.mjs');
  await bundle.write({ file, format: 'esm' });
  await bundle.close();
  // The servers are processes of their own, started from beside the bundle.
  const server = 'clickhouse-server.mjs';
  await copyFile(join(here, '../../server/src/store/cluster/test', server), join(directory, server));
  await import(pathToFileURL(file).href);
} finally {
  await rm(directory, { recursive: true, force: true });
}
