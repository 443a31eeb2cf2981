import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const CONNECT_TIMEOUT_MS = 3_000;
const RETRY_MS = 1_000;

/**
 * Waits until something accepts connections at the address.
 * @param onTrouble called once, with the socket's error code, when the first attempt fails.
 * @returns false when the signal fired first or `waitMs` is over.
 */
export async function waitForEndpoint(
  endpoint: string,
  waitMs: number,
  onTrouble: (reason: string) => void,
  signal?: AbortSignal,
): Promise<boolean> {
  const { hostname, port, protocol } = new URL(endpoint);
  const portNumber = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  const startMs = performance.now();
  for (let attempt = 0; !signal?.aborted; attempt++) {
    const trouble = await tryConnect(hostname.replaceAll(/[[\]]/g, ''), portNumber);
    if (trouble === undefined) return true;
    if (attempt === 0) onTrouble(trouble);
    if (performance.now() - startMs + RETRY_MS > waitMs) return false;
    await sleep(RETRY_MS, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
  return false;
}

/** @returns undefined when the connection stands, else why not. */
function tryConnect(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_TIMEOUT_MS });
    const settle = (trouble: string | undefined) => {
      socket.destroy();
      resolve(trouble);
    };
    socket.once('connect', () => settle(undefined));
    socket.once('timeout', () => settle('ETIMEDOUT'));
    socket.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
  });
}
