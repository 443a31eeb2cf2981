import { readdirSync, readFileSync } from 'node:fs';

/** Resident bytes of a process and its children, as Linux counts them; pages that two share count twice. */
export function residentBytes(pid: number): number {
  let kibibytes = 0;
  for (const process of [pid, ...childrenOf(pid)]) {
    kibibytes += Number(/^VmRSS:\s+(\d+) kB/m.exec(tryRead(`/proc/${process}/status`))?.[1] ?? 0);
  }
  return kibibytes * 1024;
}

function childrenOf(pid: number): number[] {
  return ofProcess(() => readdirSync(`/proc/${pid}/task`), []).flatMap((thread) =>
    tryRead(`/proc/${pid}/task/${thread}/children`)
      .split(' ')
      .map(Number)
      .filter((child) => child > 0),
  );
}

function tryRead(path: string): string {
  return ofProcess(() => readFileSync(path, 'utf8'), '');
}

/** @param none of one that has ended meanwhile. */
function ofProcess<T>(read: () => T, none: T): T {
  try {
    return read();
  } catch {
    return none;
  }
}
