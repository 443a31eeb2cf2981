/** A file system of a few megabytes, for a program that must meet its end: a tmpfs in a mount namespace of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';

/** Why there can be none here, or undefined. Needs unprivileged user namespaces, or root. */
export function whyNoSmallDisk(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux';
  const tried = spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=1m tmpfs /mnt && umount /mnt']);
  if (tried.status === 0) return undefined;
  return `cannot mount a tmpfs in a namespace: ${String(tried.stderr ?? tried.error).trim()}`;
}

/** A launcher for startClew: `dir` is then a disk of `bytes`, seen only by the program and its children. */
export function onSmallDisk(dir: string, bytes: number): readonly string[] {
  return [
    'unshare',
    '-rm',
    'sh',
    '-c',
    `mkdir -p "$0" && mount -t tmpfs -o size=${bytes} tmpfs "$0" && exec "$@"`,
    dir,
  ];
}

/** A small disk that outlives the programs that use it, so that they can be killed and started again. */
export interface KeptDisk {
  readonly launcher: readonly string[];
  /** Whose namespace it is in: for seenBy and fillDisk. */
  readonly pid: number;
  remove(): void;
}

export async function keepSmallDisk(dir: string, bytes: number): Promise<KeptDisk> {
  const [command = '', ...commandLine] = [...onSmallDisk(dir, bytes), 'sh', '-c', 'echo mounted; exec sleep infinity'];
  const holder = spawn(command, commandLine, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  const pid = holder.pid ?? 0;
  return {
    pid,
    launcher: ['nsenter', '-t', String(pid), '-U', '-m', '--preserve-credentials'],
    remove: () => void holder.kill('SIGKILL'),
  };
}

/** A launcher for startClew: `dir` can be read and not written. */
export function onReadOnlyDisk(dir: string): readonly string[] {
  return ['unshare', '-rm', 'sh', '-c', 'mount -t tmpfs -o ro tmpfs "$0" && exec "$@"', dir];
}

/** The path as the program sees it. */
export function seenBy(pid: number, path: string): string {
  return `/proc/${pid}/root${path}`;
}

/** Takes up what is left of the disk that `dir` is on; resolves to what frees it again. */
export async function fillDisk(pid: number, dir: string): Promise<() => Promise<void>> {
  const path = `${seenBy(pid, dir)}/filler`;
  const step = Buffer.alloc(64 * 1024);
  try {
    for (;;) await writeFile(path, step, { flag: 'a' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
  return () => rm(path);
}
