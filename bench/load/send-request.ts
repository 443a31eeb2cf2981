/** Sends OTLP requests at little cost: plain node:http, and gRPC framed by hand over node:http2. */
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { type ClientHttp2Session, connect, constants } from 'node:http2';
import { rejectedSpansIn } from './export-response.ts';
import type { BodyForm, Transport } from './load-messages.ts';

export type SendOutcome =
  | { readonly kind: 'accepted' }
  /** To be sent again, later. `hasRetryHint`: it came with Retry-After or RetryInfo. */
  | { readonly kind: 'refused'; readonly status: string; readonly hasRetryHint: boolean };

export interface SenderOptions {
  readonly transport: Transport;
  /** http://host:port, with a path where it is not /v1/traces. */
  readonly url: string;
  readonly form: BodyForm;
  /** X-Scope-OrgID; none when empty. */
  readonly tenant: string;
}

export interface RequestSender {
  /** Resolves when the answer is complete. Rejects for anything but "accepted whole" and "not now". */
  send(body: Uint8Array): Promise<SendOutcome>;
  close(): void;
}

/** One connection. */
export function openSender(options: SenderOptions): RequestSender {
  return options.transport === 'http' ? openHttpSender(options) : openGrpcSender(options);
}

const ACCEPTED: SendOutcome = { kind: 'accepted' };
const RETRYABLE_HTTP = new Set([429, 502, 503, 504]);
/** RESOURCE_EXHAUSTED, UNAVAILABLE. */
const RETRYABLE_GRPC = new Set([8, 14]);
const SHOWN_CHARACTERS = 300;

function openHttpSender({ url, form, tenant }: SenderOptions): RequestSender {
  const { hostname, port, pathname, search } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const path = pathname === '/' ? '/v1/traces' : pathname + search;
  const headers = {
    'Content-Type': form.encoding === 'json' ? 'application/json' : 'application/x-protobuf',
    ...(form.compression !== 'none' && { 'Content-Encoding': form.compression }),
    ...(tenant !== '' && { 'X-Scope-OrgID': tenant }),
  };
  return {
    send(body) {
      return new Promise((resolve, reject) => {
        const withLength = { ...headers, 'Content-Length': body.byteLength };
        const options = { method: 'POST', agent, hostname, port, path, headers: withLength };
        const sent = httpRequest(options, (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('error', reject);
          response.on('end', () => {
            try {
              resolve(httpOutcome(response, Buffer.concat(parts)));
            } catch (error) {
              reject(error);
            }
          });
        });
        sent.on('error', reject);
        sent.end(body);
      });
    },
    close: () => agent.destroy(),
  };
}

function httpOutcome(response: IncomingMessage, answer: Buffer): SendOutcome {
  const status = response.statusCode ?? 0;
  const isJson = String(response.headers['content-type']).startsWith('application/json');
  if (status >= 200 && status < 300) return acceptedWhole(rejectedSpansIn(answer, isJson));
  if (RETRYABLE_HTTP.has(status)) {
    return { kind: 'refused', status: `HTTP ${status}`, hasRetryHint: response.headers['retry-after'] !== undefined };
  }
  throw new Error(`HTTP ${status}: ${answer.toString('latin1').slice(0, SHOWN_CHARACTERS)}`);
}

function acceptedWhole(rejectedSpans: number): SendOutcome {
  if (rejectedSpans === 0) return ACCEPTED;
  throw new Error(`${rejectedSpans} spans of a request were rejected for good.`);
}

const GRPC_PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const GRPC_PREFIX_BYTES = 5;
const WINDOW_BYTES = 4 * 2 ** 20;

function openGrpcSender({ url, form, tenant }: SenderOptions): RequestSender {
  const session: ClientHttp2Session = connect(url, { settings: { initialWindowSize: WINDOW_BYTES } });
  let broken: Error | undefined;
  session.on('error', (error) => {
    broken = error;
  });
  const isCompressed = form.compression !== 'none';
  const headers = {
    [constants.HTTP2_HEADER_METHOD]: 'POST',
    [constants.HTTP2_HEADER_PATH]: GRPC_PATH,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...(isCompressed && { 'grpc-encoding': form.compression }),
    ...(tenant !== '' && { 'x-scope-orgid': tenant }),
  };
  return {
    send(body) {
      return new Promise((resolve, reject) => {
        if (broken !== undefined) return reject(broken);
        const stream = session.request(headers);
        const fields: Record<string, unknown> = {};
        const parts: Buffer[] = [];
        stream.on('response', (each) => Object.assign(fields, each));
        stream.on('trailers', (each) => Object.assign(fields, each));
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('error', reject);
        stream.on('close', () => {
          try {
            resolve(grpcOutcome(fields, Buffer.concat(parts)));
          } catch (error) {
            reject(error);
          }
        });
        const prefix = Buffer.alloc(GRPC_PREFIX_BYTES);
        prefix[0] = isCompressed ? 1 : 0;
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

function grpcOutcome(fields: Readonly<Record<string, unknown>>, answer: Buffer): SendOutcome {
  const status = Number(fields['grpc-status'] ?? Number.NaN);
  if (status === 0) {
    if (answer.length < GRPC_PREFIX_BYTES) throw new Error(`gRPC status 0 with ${answer.length} bytes of answer.`);
    return acceptedWhole(rejectedSpansIn(answer.subarray(GRPC_PREFIX_BYTES), false));
  }
  if (RETRYABLE_GRPC.has(status)) {
    const details = Buffer.from(String(fields['grpc-status-details-bin'] ?? ''), 'base64').toString('latin1');
    return { kind: 'refused', status: `gRPC ${status}`, hasRetryHint: details.includes('google.rpc.RetryInfo') };
  }
  throw new Error(`gRPC status ${status}: ${String(fields['grpc-message'] ?? '').slice(0, SHOWN_CHARACTERS)}`);
}
