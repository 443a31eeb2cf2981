/** Where the time of CPU profiles went: the functions with most time of their own, per thread. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

const SHOWN = 22;

export async function summarizeProfiles(dir: string): Promise<string> {
  const files = (await readdir(dir)).filter((name) => name.endsWith('.cpuprofile')).sort();
  const parts: string[] = [];
  for (const file of files) {
    const profile = JSON.parse(await readFile(join(dir, file), 'utf8')) as Profile;
    parts.push(`${file}\n${summarize(profile)}`);
  }
  return parts.join('\n\n');
}

function summarize({ nodes, samples, timeDeltas }: Profile): string {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => [
      id,
      `${functionName || '(anonymous)'} ${url === '' ? '' : `${basename(url)}:${lineNumber + 1}`}`,
    ]),
  );
  const ownMs = new Map<string, number>();
  for (const [i, id] of samples.entries()) {
    const name = names.get(id) ?? '?';
    ownMs.set(name, (ownMs.get(name) ?? 0) + timeDeltas[i] / 1000);
  }
  const busyMs = [...ownMs].reduce((sum, [name, ms]) => sum + (name.startsWith('(idle)') ? 0 : ms), 0);
  const lines = [...ownMs]
    .filter(([name]) => !name.startsWith('(idle)'))
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
    .map(
      ([name, ms]) => `  ${ms.toFixed(0).padStart(7)} ms ${((ms / busyMs) * 100).toFixed(1).padStart(5)} %  ${name}`,
    );
  return [`  busy ${busyMs.toFixed(0)} ms`, ...lines].join('\n');
}
