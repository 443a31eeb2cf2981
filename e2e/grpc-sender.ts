/** A gRPC client of one method on a connection of its own: what a ledger needs is to see every status. */
import { type ClientHttp2Session, connect } from 'node:http2';

const PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

export interface GrpcAnswer {
  readonly status: number;
  readonly message: string;
  /** Whether the status carries details, where a RetryInfo is. */
  readonly hasDetails: boolean;
}

export class GrpcSender {
  #session: ClientHttp2Session | undefined;
  #url = '';

  /** Rejects when the connection broke before there was a status. */
  async send(
    url: string,
    body: Uint8Array,
    options: { readonly encoding: string; readonly tenant: string },
  ): Promise<GrpcAnswer> {
    const session = this.#sessionTo(url);
    const stream = session.request({
      ':method': 'POST',
      ':path': PATH,
      'content-type': 'application/grpc',
      te: 'trailers',
      'x-scope-orgid': options.tenant,
      ...(options.encoding !== 'identity' && { 'grpc-encoding': options.encoding }),
    });
    return new Promise((resolve, reject) => {
      const onHeaders = (headers: Record<string, unknown>): void => {
        if (headers['grpc-status'] === undefined) return;
        resolve({
          status: Number(headers['grpc-status']),
          message: decodeURIComponent(String(headers['grpc-message'] ?? '')),
          hasDetails: headers['grpc-status-details-bin'] !== undefined,
        });
      };
      stream.on('response', onHeaders);
      stream.on('trailers', onHeaders);
      stream.on('error', reject);
      stream.on('close', () => reject(new Error('grpc: closed without a status')));
      stream.resume();
      const head = Buffer.alloc(5);
      head.writeUInt8(options.encoding === 'identity' ? 0 : 1, 0);
      head.writeUInt32BE(body.length, 1);
      stream.write(head);
      stream.end(body);
    });
  }

  close(): void {
    this.#session?.destroy();
    this.#session = undefined;
  }

  #sessionTo(url: string): ClientHttp2Session {
    const current = this.#session;
    if (current !== undefined && this.#url === url && !current.destroyed && !current.closed) return current;
    current?.destroy();
    const session = connect(url);
    // Every stream hears of it too.
    session.on('error', () => undefined);
    this.#session = session;
    this.#url = url;
    return session;
  }
}
