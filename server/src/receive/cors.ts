import type { IncomingMessage, ServerResponse } from 'node:http';

/** Which web pages may send spans from a browser. */
export interface CorsOptions {
  /** Origins such as `https://shop.example.com`; `*` stands for any run of characters. Empty: no page may. */
  readonly allowedOrigins: readonly string[];
  /** How long a browser may remember the answer to a preflight, in seconds. */
  readonly maxAgeSeconds: number;
}

/** Pages served from the same machine: what a developer's browser app needs, and no foreign page gets. */
export const LOOPBACK_ORIGINS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'].flatMap((host) => [
  `http://${host}`,
  `http://${host}:*`,
  `https://${host}`,
  `https://${host}:*`,
]);

export const DEFAULT_CORS: CorsOptions = { allowedOrigins: LOOPBACK_ORIGINS, maxAgeSeconds: 7200 };

const ALLOWED_HEADERS =
  'Accept, Accept-Language, Content-Language, Content-Type, Content-Encoding, X-Requested-With, ' +
  'X-Scope-OrgID, Authorization, Traceparent, Tracestate, Baggage, User-Agent';

/** Puts CORS headers on answers, with the semantics of the collector's (rs/cors): a stranger's request gets none. */
export class CorsPolicy {
  readonly #allowed: RegExp | undefined;
  readonly #maxAgeSeconds: number;

  constructor(options: CorsOptions) {
    this.#maxAgeSeconds = options.maxAgeSeconds;
    const patterns = options.allowedOrigins.map(patternSource);
    this.#allowed = patterns.length === 0 ? undefined : new RegExp(`^(?:${patterns.join('|')})$`, 'i');
  }

  /** Headers for any answer. */
  apply(req: IncomingMessage, res: ServerResponse): boolean {
    const origin = req.headers.origin;
    if (this.#allowed === undefined || origin === undefined) return false;
    res.setHeader('Vary', 'Origin');
    if (!this.#allowed.test(origin)) return false;
    res.setHeader('Access-Control-Allow-Origin', origin);
    // navigator.sendBeacon always sends with credentials; there are none here that could be abused.
    res.setHeader('Access-Control-Allow-Credentials', 'true');
    res.setHeader('Access-Control-Expose-Headers', 'Retry-After');
    return true;
  }

  /** Answers a preflight with 204. */
  answerPreflight(req: IncomingMessage, res: ServerResponse): void {
    if (this.apply(req, res)) {
      res.setHeader('Access-Control-Allow-Methods', 'POST');
      res.setHeader('Access-Control-Allow-Headers', ALLOWED_HEADERS);
      res.setHeader('Access-Control-Max-Age', this.#maxAgeSeconds);
      // A page on a public address asking for a private one: Chromium wants this said.
      if (req.headers['access-control-request-private-network'] === 'true') {
        res.setHeader('Access-Control-Allow-Private-Network', 'true');
      }
    }
    res.setHeader('Vary', 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers');
    res.writeHead(204);
    res.end();
  }
}

function patternSource(origin: string): string {
  return origin
    .split('*')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .join('.*');
}
