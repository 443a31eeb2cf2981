/** CPU time and memory of a process with all its descendants, from /proc (Linux). */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** USER_HZ: what /proc counts in, 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

export interface ProcessTreeCpu {
  /** User and system time of all processes, those that ended included. */
  readonly seconds: number;
  /** Of the first process: all its threads. */
  readonly rootSeconds: number;
  /** Of the first process's main thread: where its event loop runs. */
  readonly mainThreadSeconds: number;
  /** Of the descendants, ended ones included. */
  readonly childSeconds: number;
}

export function readTreeCpu(rootPid: number): ProcessTreeCpu {
  let childTicks = 0;
  const root = readStat(`/proc/${rootPid}/stat`);
  if (root === undefined) throw new Error(`process ${rootPid} has ended.`);
  for (const pid of descendantsOf(rootPid)) {
    const stat = readStat(`/proc/${pid}/stat`);
    if (stat !== undefined) childTicks += stat.ownTicks + stat.endedChildTicks;
  }
  childTicks += root.endedChildTicks;
  const mainThread = readStat(`/proc/${rootPid}/task/${rootPid}/stat`);
  return {
    seconds: (root.ownTicks + childTicks) / TICKS_PER_SECOND,
    rootSeconds: root.ownTicks / TICKS_PER_SECOND,
    mainThreadSeconds: (mainThread?.ownTicks ?? 0) / TICKS_PER_SECOND,
    childSeconds: childTicks / TICKS_PER_SECOND,
  };
}

export function cpuBetween(before: ProcessTreeCpu, after: ProcessTreeCpu): ProcessTreeCpu {
  return {
    seconds: after.seconds - before.seconds,
    rootSeconds: after.rootSeconds - before.rootSeconds,
    mainThreadSeconds: after.mainThreadSeconds - before.mainThreadSeconds,
    childSeconds: after.childSeconds - before.childSeconds,
  };
}

/** Sum of the resident memory; pages that two of the processes share count twice. */
export function readTreeRssBytes(rootPid: number): number {
  return [rootPid, ...descendantsOf(rootPid)].reduce((sum, pid) => sum + readRssBytes(pid), 0);
}

/** Resident memory of one process; 0 when it has ended. */
export function readRssBytes(pid: number): number {
  return readMemory(pid).residentBytes;
}

export interface ProcessMemory {
  readonly residentBytes: number;
  /** Of that: pages of files (programs, libraries), which the system can take back and read again. */
  readonly fileBytes: number;
}

/** Zeros when the process has ended. */
export function readMemory(pid: number): ProcessMemory {
  const status = tryRead(`/proc/${pid}/status`) ?? '';
  const bytesOf = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
  return { residentBytes: bytesOf('VmRSS'), fileBytes: bytesOf('RssFile') };
}

/** Bytes of the files below a directory. */
export function readDirectoryBytes(dir: string): number {
  let bytes = 0;
  try {
    for (const entry of readdirSync(dir, { withFileTypes: true, recursive: true })) {
      if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
    }
  } catch {
    // A folder that is deleted while it is read: the next sample is there soon.
  }
  return bytes;
}

/** Children, their children and so on, of any thread. */
export function descendantsOf(pid: number): number[] {
  const found: number[] = [];
  const visit = (parent: number): void => {
    let threads: string[];
    try {
      threads = readdirSync(`/proc/${parent}/task`);
    } catch {
      return;
    }
    for (const thread of threads) {
      for (const word of (tryRead(`/proc/${parent}/task/${thread}/children`) ?? '').split(' ')) {
        const child = Number(word);
        if (child > 0) {
          found.push(child);
          visit(child);
        }
      }
    }
  };
  visit(pid);
  return found;
}

interface Stat {
  readonly ownTicks: number;
  readonly endedChildTicks: number;
}

function readStat(path: string): Stat | undefined {
  const text = tryRead(path);
  if (text === undefined) return undefined;
  // The name, second, may hold spaces and brackets. Fields 14 to 17: utime stime cutime cstime.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  return { ownTicks: fields[11] + fields[12], endedChildTicks: fields[13] + fields[14] };
}

function tryRead(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
