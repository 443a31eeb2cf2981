/** Who holds a TCP port on this machine: best effort, from /proc, for an error message that helps. */
import { readdir, readFile, readlink } from 'node:fs/promises';

const LISTEN_STATE = '0A';

/** For example `process 4711 (node dist/clew.js serve)`, or undefined when it cannot be found out. */
export async function tryPortHolder(port: number): Promise<string | undefined> {
  const inodes = await listeningInodes(port);
  if (inodes.size === 0) return undefined;
  for (const pid of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(pid)) continue;
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
      const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
      if (inode === undefined || !inodes.has(inode)) continue;
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      const shown = command.split('\0').filter(Boolean).join(' ').slice(0, 80);
      return `process ${pid}${shown === '' ? '' : ` (${shown})`}`;
    }
  }
  return undefined;
}

async function listeningInodes(port: number): Promise<ReadonlySet<string>> {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const text = await readFile(table, 'utf8').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(`:${hexPort}`) && fields[3] === LISTEN_STATE) inodes.add(fields[9]);
    }
  }
  return inodes;
}
