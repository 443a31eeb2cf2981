import type { Socket } from 'node:net';

/** What a client speaks, as its first bytes tell: TLS, HTTP/2 with prior knowledge, or something else (HTTP/1). */
export type SpokenProtocol = 'tls' | 'http2' | 'other';

/** The start of the HTTP/2 connection preface, enough to tell it from any HTTP/1 method. */
const PREFACE_START = 'PRI';
const TLS_HANDSHAKE = 0x16;

/**
 * Waits for the first bytes of a new connection and puts them back: whoever is handed the socket, which is then
 * paused and without listeners, reads the connection from its first byte.
 * @param onTimeout the client said nothing that could be told for `timeoutMs`
 */
export function peekProtocol(
  socket: Socket,
  timeoutMs: number,
  onTimeout: () => void,
  onProtocol: (protocol: SpokenProtocol) => void,
): void {
  let head: Buffer = Buffer.alloc(0);
  const timer = setTimeout(onTimeout, timeoutMs);
  timer.unref();
  const onError = (): void => {
    socket.destroy();
  };
  const onClose = (): void => clearTimeout(timer);
  const onData = (chunk: Buffer): void => {
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    const start = head.toString('latin1', 0, PREFACE_START.length);
    if (start.length < PREFACE_START.length && PREFACE_START.startsWith(start)) return;
    clearTimeout(timer);
    socket.off('data', onData);
    socket.off('error', onError);
    socket.off('close', onClose);
    socket.pause();
    socket.unshift(head);
    onProtocol(protocolOf(start, head));
  };
  socket.on('error', onError);
  socket.on('close', onClose);
  socket.on('data', onData);
}

function protocolOf(start: string, head: Buffer): SpokenProtocol {
  if (start === PREFACE_START) return 'http2';
  return head[0] === TLS_HANDSHAKE ? 'tls' : 'other';
}
