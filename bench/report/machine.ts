import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, tmpdir, totalmem } from 'node:os';

export interface Machine {
  readonly cores: number;
  readonly cpuModel: string;
  readonly memoryBytes: number;
  readonly node: string;
  readonly kernel: string;
  /** Type of the file system that the data directories are on, for instance ext4. On tmpfs an fsync costs nothing. */
  readonly fileSystem: string;
  /** Processes wanting to run, averaged over the minute before the benchmark. */
  readonly loadBefore: number;
}

export function readMachine(): Machine {
  return {
    cores: availableParallelism(),
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    node: process.versions.node,
    kernel: release(),
    fileSystem: fileSystemOf(tmpdir(), readFileSync('/proc/self/mounts', 'utf8')),
    loadBefore: loadavg()[0],
  };
}

/** Type of the mount that holds `path`; `mounts` as in /proc/self/mounts. */
export function fileSystemOf(path: string, mounts: string): string {
  let type = 'unknown';
  let length = 0;
  for (const line of mounts.split('\n')) {
    const [, place = '', kind = ''] = line.split(' ');
    const isAbove = place === '/' || path === place || path.startsWith(`${place}/`);
    // Of equal places the later mount covers the earlier.
    if (isAbove && place.length >= length) {
      type = kind;
      length = place.length;
    }
  }
  return type;
}

export function formatMachine(machine: Machine): string {
  return (
    `machine   ${machine.cores} cores, ${machine.cpuModel}, ${(machine.memoryBytes / 2 ** 20).toFixed(0)} MiB, ` +
    `Linux ${machine.kernel}, ${machine.fileSystem}, Node ${machine.node}; ` +
    `load average before: ${machine.loadBefore.toFixed(1)}`
  );
}
