import type { IncomingMessage } from 'node:http';

/**
 * Reads on, within limits, what a client still sends of a request that has been answered: closing at once would reset
 * the connection, and the client would see a broken pipe in place of the answer.
 */
export function lingerAfterRefusal(
  req: IncomingMessage,
  limits: { readonly maxLingerBytes: number; readonly lingerTimeoutMs: number },
): void {
  if (req.complete || req.destroyed) return;
  const { socket } = req;
  let remainingBytes = limits.maxLingerBytes;
  const timer = setTimeout(() => socket.destroy(), limits.lingerTimeoutMs);
  timer.unref();
  req.on('data', (chunk: Buffer) => {
    remainingBytes -= chunk.length;
    if (remainingBytes < 0) socket.destroy();
  });
  const stop = (): void => clearTimeout(timer);
  req.on('end', stop);
  req.on('close', stop);
  req.on('error', stop);
  req.resume();
}
