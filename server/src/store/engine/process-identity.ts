/** Which process a pid meant: pids are given out again, in a container even the same ones at every start. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface ProcessIdentity {
  readonly pid: number;
  /** When it was started, in whatever form the system tells; empty where it does not. */
  readonly startedAt: string;
}

export function identityOf(pid: number): ProcessIdentity {
  return { pid, startedAt: startOf(pid) };
}

/** True while that very process exists. A zombie, which holds nothing any more, does not count. */
export function isRunning(process_: ProcessIdentity): boolean {
  try {
    process.kill(process_.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const startedAt = startOf(process_.pid);
  return startedAt === '' ? !isZombie(process_.pid) : startedAt === process_.startedAt;
}

/** Fields of /proc/<pid>/stat behind the name, which may hold spaces. Source: proc_pid_stat(5). */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

const STATE_FIELD = 0;
const START_TIME_FIELD = 19;

function isZombie(pid: number): boolean {
  return statFields(pid)?.[STATE_FIELD] === 'Z';
}

function startOf(pid: number): string {
  const fields = statFields(pid);
  if (fields !== undefined) return fields[STATE_FIELD] === 'Z' ? 'zombie' : (fields[START_TIME_FIELD] ?? '');
  if (process.platform === 'linux') return '';
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
