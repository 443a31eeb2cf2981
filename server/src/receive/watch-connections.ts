/** Counts the connections that a server gives up on before there is a request to answer. */
import type { Server } from 'node:http';
import type { ConnectionMetrics, ListeningPort } from '../telemetry/ingest-metrics.ts';

/** What node answers by itself as long as nobody listens for clientError. Source: socketOnError in node's _http_server. */
const ANSWERS: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
};
const OTHER_ANSWER = '400 Bad Request';

export function watchConnections(server: Server, port: ListeningPort, metrics: ConnectionMetrics): void {
  server.on('drop', () => metrics.connectionDropped(port, 'limit'));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const code = error.code ?? '';
    const isGone = code === 'ECONNRESET' || code === 'EPIPE' || !socket.writable;
    if (!isGone) {
      metrics.connectionDropped(port, code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'timeout' : 'protocol');
      // In the middle of an answer nothing can be said any more; node keeps the one under way there.
      const answer = Reflect.get(socket, '_httpMessage') as { readonly headersSent: boolean } | null | undefined;
      if (answer?.headersSent !== true) {
        socket.write(`HTTP/1.1 ${ANSWERS[code] ?? OTHER_ANSWER}\r\nConnection: close\r\n\r\n`);
      }
    }
    socket.destroy();
  });
}
