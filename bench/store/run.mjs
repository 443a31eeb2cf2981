// Usage: node bench/store/run.mjs
// Bundles the benchmark as the product is bundled, then runs it.
import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const here = dirname(fileURLToPath(import.meta.url));
// Where the bundle finds what it does not contain, and version control does not find it.
const directory = await mkdtemp(join(here, '../../node_modules/.clew-store-bench-'));
try {
  const bundle = await rolldown({
    input: join(here, 'store-bench.ts'),
    platform: 'node',
    external: ['protobufjs', 'chdb', 'koffi'],
    logLevel: 'warn',
  });
  const file = join(directory, 'store-bench.mjs');
  await bundle.write({ file, format: 'esm' });
  await bundle.close();
  await import(pathToFileURL(file).href);
} finally {
  await rm(directory, { recursive: true, force: true });
}
