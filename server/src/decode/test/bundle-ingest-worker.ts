import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '../../../..');

export interface BundledWorker {
  readonly url: URL;
  remove(): void;
}

/** The ingest worker (or another worker of the server) as the build makes it, in a folder of its own. */
export async function bundleWorker(input = 'server/src/ingest-worker.ts'): Promise<BundledWorker> {
  const manifest: { dependencies: Record<string, string> } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const external = Object.keys(manifest.dependencies);
  // Below node_modules, so that the packages left outside are found from there.
  const cache = join(root, 'node_modules/.cache/clew-test');
  mkdirSync(cache, { recursive: true });
  const dir = mkdtempSync(join(cache, 'ingest-worker-'));
  const bundle = await rolldown({
    cwd: root,
    platform: 'node',
    input: { worker: input },
    external: (id) => id.startsWith('node:') || external.some((name) => id === name || id.startsWith(`${name}/`)),
  });
  await bundle.write({ dir, format: 'esm', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' });
  await bundle.close();
  return {
    url: pathToFileURL(join(dir, 'worker.mjs')),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
