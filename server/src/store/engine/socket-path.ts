/** Where the engine listens. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** sun_path holds 104 bytes on macOS and 108 on Linux, with the closing zero. Source: unix(4), unix(7). */
const MAX_SOCKET_PATH_BYTES = 103;

export interface SocketPlace {
  readonly path: string;
  remove(): void;
}

/** A socket in `directory`, or, where its path would be too long, in a directory of its own for this user only. */
export function chooseSocketPath(directory: string): SocketPlace {
  const inside = join(directory, 'engine.sock');
  if (Buffer.byteLength(inside) <= MAX_SOCKET_PATH_BYTES) {
    return { path: inside, remove: () => rmSync(inside, { force: true }) };
  }
  // mkdtemp makes the directory with mode 0700.
  const own = mkdtempSync(join(tmpdir(), 'clew-'));
  return { path: join(own, 'engine.sock'), remove: () => rmSync(own, { recursive: true, force: true }) };
}
