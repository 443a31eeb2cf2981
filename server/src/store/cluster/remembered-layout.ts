/** The layout a cluster had last, beside the journal: spans can be taken and sharded while no node answers. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterLayout } from './cluster-layout.ts';

export interface RememberedLayout {
  readonly layout: ClusterLayout;
  /** HTTP addresses of nodes that were told apart by asking them, without credentials, by native address. */
  readonly urls: Readonly<Record<string, string>>;
}

const FILE = 'cluster.json';

/** Undefined when there is none, or none of this cluster. */
export async function tryLoadLayout(dataDir: string, cluster: string): Promise<RememberedLayout | undefined> {
  try {
    const remembered = JSON.parse(await readFile(join(dataDir, FILE), 'utf8')) as RememberedLayout;
    return remembered.layout.cluster === cluster ? remembered : undefined;
  } catch {
    return undefined;
  }
}

export async function saveLayout(dataDir: string, remembered: RememberedLayout): Promise<void> {
  const path = join(dataDir, FILE);
  await writeFile(`${path}.new`, `${JSON.stringify(remembered, undefined, 2)}\n`, { flush: true });
  await rename(`${path}.new`, path);
}
