import { copyFileSync, linkSync, lstatSync, mkdirSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

/** Of a file below the engine's data: in a part, which nothing ever changes. `store/<three digits>/<table>/<part>/…`. */
const IN_PART = /(?:^|\/)store\/[0-9a-f]{3}\/[0-9a-f-]{36}\/(?!deduplication_logs\/|detached\/)[^/]+\//;

/**
 * A copy of the data directory of a program that does not run. Files of parts are hard links, so that gigabytes take a
 * second and no room: merging and dropping parts in the copy leaves those of the original as they are. All else, which
 * is written to in place, is copied.
 * @param to does not exist yet, on the same file system
 */
export function makeLinkedCopy(from: string, to: string): void {
  copyBelow(from, to, '');
}

function copyBelow(from: string, to: string, path: string): void {
  mkdirSync(join(to, path), { mode: 0o700 });
  for (const name of readdirSync(join(from, path))) {
    const inner = path === '' ? name : `${path}/${name}`;
    const [source, target] = [join(from, inner), join(to, inner)];
    const found = lstatSync(source);
    if (found.isDirectory()) copyBelow(from, to, inner);
    else if (found.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (!found.isFile()) continue;
    else if (IN_PART.test(inner)) linkSync(source, target);
    else copyFileSync(source, target);
  }
}
