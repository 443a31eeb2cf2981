/** A client of `tempopb.StreamingQuerier`, generated from tempo.proto. */
import grpc from '@grpc/grpc-js';
import { TEMPO_ROOT, tempoType } from './tempo-protobuf.ts';

export interface StreamAnswer {
  /** As plain objects, in order. */
  readonly messages: readonly Record<string, unknown>[];
  readonly sizes: readonly number[];
  readonly code: number;
  readonly details: string;
}

export interface StreamOptions {
  readonly orgId?: string;
  readonly deadlineMs?: number;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  /** Given each message as it comes; cancels the call by returning 'cancel'. */
  readonly onMessage?: (message: Record<string, unknown>) => 'cancel' | undefined;
}

export class StreamingClient {
  readonly #client: grpc.Client;

  /** @param address host:port. @param root PEM of a certificate to trust; without it the connection has no TLS. */
  constructor(address: string, root?: string) {
    const credentials =
      root === undefined ? grpc.credentials.createInsecure() : grpc.credentials.createSsl(Buffer.from(root));
    this.#client = new grpc.Client(address, credentials);
  }

  /** Calls one method; resolves at the end of the stream, whatever its status. */
  call(method: string, request: object, options: StreamOptions = {}): Promise<StreamAnswer> {
    const { requestType, responseType } = TEMPO_ROOT.lookupService('tempopb.StreamingQuerier').methods[method];
    const [asked, answered] = [tempoType(requestType), tempoType(responseType)];
    const metadata = new grpc.Metadata();
    if (options.orgId !== undefined) metadata.set('x-scope-orgid', options.orgId);
    const sizes: number[] = [];
    const messages: Record<string, unknown>[] = [];
    const stream = this.#client.makeServerStreamRequest(
      `/tempopb.StreamingQuerier/${method}`,
      (message: object) => Buffer.from(asked.encode(asked.fromObject(message)).finish()),
      (bytes: Buffer) => {
        sizes.push(bytes.length);
        return answered.toObject(answered.decode(bytes), { longs: String, enums: String, bytes: String });
      },
      request,
      metadata,
      options.deadlineMs === undefined ? {} : { deadline: Date.now() + options.deadlineMs },
    );
    options.signal?.addEventListener('abort', () => stream.cancel());
    return new Promise((resolve) => {
      stream.on('data', (message: Record<string, unknown>) => {
        messages.push(message);
        if (options.onMessage?.(message) === 'cancel') stream.cancel();
      });
      stream.on('error', () => undefined);
      stream.on('status', ({ code, details }) => resolve({ messages, sizes, code, details }));
    });
  }

  close(): void {
    this.#client.close();
  }
}
