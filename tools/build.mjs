/** Builds dist/: the program with its worker and engine processes (rolldown) and the UI (Vite). */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { root } from './prepare.mjs';

const { dependencies, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const external = Object.keys(dependencies);

/** npm packages stay outside; our workspace packages are bundled. */
const isExternal = (id) => id.startsWith('node:') || external.some((name) => id === name || id.startsWith(`${name}/`));

export async function buildProgram(dir = join(root, 'dist')) {
  const bundle = await rolldown({
    cwd: root,
    platform: 'node',
    input: {
      clew: 'cli/src/main.ts',
      server: 'server/src/main.ts',
      'ingest-worker': 'server/src/ingest-worker.ts',
      engine: 'server/src/store/engine/engine-process.ts',
    },
    external: isExternal,
    transform: { define: { __CLEW_VERSION__: JSON.stringify(version) } },
  });
  await bundle.write({
    dir,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name]-[hash].js',
    sourcemap: true,
  });
  await bundle.close();
}

export async function buildUi(outDir = join(root, 'dist/ui')) {
  const { build } = await import('vite');
  const configFile = join(root, 'ui/vite.config.ts');
  await build({ root: join(root, 'ui'), configFile, logLevel: 'warn', build: { outDir, emptyOutDir: true } });
}

if (process.argv[1] === import.meta.filename) {
  const only = process.argv[2];
  if (only === undefined) rmSync(join(root, 'dist'), { recursive: true, force: true });
  if (only !== 'ui') await buildProgram();
  if (only !== 'program' && existsSync(join(root, 'ui/index.html'))) await buildUi();
}
