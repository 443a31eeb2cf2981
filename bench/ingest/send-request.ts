/** Sends OTLP requests at little cost: plain node:http, and gRPC framed by hand over node:http2. */
import { Agent, request as httpRequest } from 'node:http';
import { type ClientHttp2Session, connect, constants } from 'node:http2';
import type { Transport } from './bench-options.ts';

export type SendOutcome = 'accepted' | 'try-again';

export interface RequestSender {
  /** Resolves when the answer is complete. Rejects for anything but "accepted whole" and "not now". */
  send(body: Uint8Array): Promise<SendOutcome>;
  close(): void;
}

/** One connection. `url`: http://host:port. */
export function openSender(transport: Transport, url: string, gzip: boolean): RequestSender {
  return transport === 'http' ? openHttpSender(url, gzip) : openGrpcSender(url, gzip);
}

const RETRYABLE_HTTP = new Set([429, 502, 503, 504]);
/** RESOURCE_EXHAUSTED, UNAVAILABLE. */
const RETRYABLE_GRPC = new Set([8, 14]);

function openHttpSender(url: string, gzip: boolean): RequestSender {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { 'Content-Type': 'application/x-protobuf', ...(gzip && { 'Content-Encoding': 'gzip' }) };
  return {
    send(body) {
      return new Promise((resolve, reject) => {
        const options = {
          method: 'POST',
          agent,
          hostname,
          port,
          path: '/v1/traces',
          headers: { ...headers, 'Content-Length': body.byteLength },
        };
        const sent = httpRequest(options, (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('error', reject);
          response.on('end', () => {
            const answer = Buffer.concat(parts);
            const status = response.statusCode ?? 0;
            // An empty ExportTraceServiceResponse: nothing of the request was rejected.
            if (status === 200 && answer.length === 0) resolve('accepted');
            else if (RETRYABLE_HTTP.has(status)) resolve('try-again');
            else reject(new Error(`HTTP ${status}: ${answer.toString('latin1').slice(0, 300)}`));
          });
        });
        sent.on('error', reject);
        sent.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}

const GRPC_PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const WINDOW_BYTES = 4 * 2 ** 20;

function openGrpcSender(url: string, gzip: boolean): RequestSender {
  const session: ClientHttp2Session = connect(url, { settings: { initialWindowSize: WINDOW_BYTES } });
  let broken: Error | undefined;
  session.on('error', (error) => {
    broken = error;
  });
  const headers = {
    [constants.HTTP2_HEADER_METHOD]: 'POST',
    [constants.HTTP2_HEADER_PATH]: GRPC_PATH,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...(gzip && { 'grpc-encoding': 'gzip' }),
  };
  return {
    send(body) {
      return new Promise((resolve, reject) => {
        if (broken !== undefined) return reject(broken);
        const stream = session.request(headers);
        let status: string | undefined;
        let message = '';
        let answerBytes = 0;
        const take = (fields: Record<string, unknown>): void => {
          if (fields['grpc-status'] === undefined) return;
          status = String(fields['grpc-status']);
          message = String(fields['grpc-message'] ?? '');
        };
        stream.on('response', take);
        stream.on('trailers', take);
        stream.on('data', (part: Buffer) => {
          answerBytes += part.length;
        });
        stream.on('error', reject);
        stream.on('close', () => {
          // Five bytes of prefix and an empty message: nothing of the request was rejected.
          if (status === '0' && answerBytes === 5) resolve('accepted');
          else if (RETRYABLE_GRPC.has(Number(status))) resolve('try-again');
          else reject(new Error(`gRPC status ${status}, ${answerBytes} bytes: ${message.slice(0, 300)}`));
        });
        const prefix = Buffer.alloc(5);
        prefix[0] = gzip ? 1 : 0;
        prefix.writeUInt32BE(body.byteLength, 1);
        stream.cork();
        stream.write(prefix);
        stream.end(body);
        stream.uncork();
      });
    },
    close: () => session.destroy(),
  };
}
