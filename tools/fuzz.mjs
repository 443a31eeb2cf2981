// Usage: npm run fuzz -- [--target NAME] [--minutes N | --iterations N] [--seed S] [--grow] [--make-corpus]
// Bundles the fuzzer with the sources as they are, then runs it.
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { root } from './prepare.mjs';

// Below node_modules: the bundle finds what it does not contain, and version control does not find it.
const directory = await mkdtemp(join(root, 'node_modules/.clew-fuzz-'));
let exitCode = 1;
try {
  const bundle = await rolldown({
    input: join(root, 'testkit/src/fuzz/fuzz-command.ts'),
    platform: 'node',
    external: ['protobufjs', 'chdb', 'koffi', 'zstddec', 're2js', '@clickhouse/client', 'zod'],
    logLevel: 'warn',
  });
  const file = join(directory, 'fuzz-command.mjs');
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  await bundle.close();
  const { runFuzzCommand } = await import(pathToFileURL(file).href);
  exitCode = await runFuzzCommand(process.argv.slice(2), join(root, 'testkit/src/fuzz'));
} finally {
  await rm(directory, { recursive: true, force: true });
}
process.exit(exitCode);
