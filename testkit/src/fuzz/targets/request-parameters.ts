import { parseSpanId, parseTraceId } from '@clew/model';
import { parseGrpcTimeout } from '../../../../server/src/net/grpc-timeout.ts';
import { parseField } from '../../../../server/src/query/parse-filter.ts';
import { QueryError } from '../../../../server/src/query/query-error.ts';
import { parseTimeRange } from '../../../../server/src/query/time-range.ts';
import { tryCompression, tryWireFormat } from '../../../../server/src/receive/otlp-http-headers.ts';
import { tenantFromHeader } from '../../../../server/src/receive/tenant.ts';
import { FuzzFinding, type FuzzTarget, utf8 } from '../fuzz-target.ts';

const NOW_UNIX_MS = 1_760_000_000_000;
/** An error repeats of what was sent as much as helps. */
const MAX_MESSAGE_LENGTH = 600;
const WORDS = [
  ...['5b8efff798038103d269b633813fc60c', 'eee19b7ec3c1b174', '0', 'acme', '..', "a!_.*'()-b", 'now', 'now-1h30m'],
  ...['2026-11-20T10:00:00.123456789Z', '2026-02-30', '1760000000', '18446744073709551615', '18446744073709551616'],
  ...[
    'span.http.route',
    'resource."a b"',
    '.x',
    'status',
    'trace:id',
    'gzip',
    'zstd',
    'x-gzip',
    'application/json; x=y',
  ],
  ...[
    'application/x-protobuf',
    '100m',
    '99999999H',
    '1e3',
    'now-999999999w',
    'now+9s',
    '0000-01-01T00:00:00+23:59',
    'é',
  ],
];

/** Small texts out of headers, paths and queries, each handed to everything that reads such a text. */
export const requestParametersTarget: FuzzTarget = {
  name: 'request-parameters',
  style: 'text',
  dictionary: WORDS.map(utf8),
  seeds: () => WORDS.map((word, i) => ({ name: String(i).padStart(2, '0'), bytes: utf8(word) })),
  check(input) {
    const text = new TextDecoder().decode(input);
    const verdicts = [
      idVerdict(parseTraceId(text), 32, text),
      idVerdict(parseSpanId(text), 16, text),
      tenantVerdict(text),
      String(tryWireFormat(text)),
      String(tryCompression(text)),
      rangeVerdict(text, undefined),
      rangeVerdict(undefined, text),
      refusable(() => parseField(text).kind),
      timeoutVerdict(text),
    ];
    return verdicts.some((verdict) => verdict.startsWith('ok')) ? `accepted ${verdicts.join(' ')}` : verdicts.join(' ');
  },
};

function idVerdict(id: string | undefined, digits: number, text: string): string {
  if (id === undefined) return 'no';
  const isSame = id.length === digits && /^[0-9a-f]+$/.test(id) && BigInt(`0x${id}`) === BigInt(`0x${text}`);
  if (!isSame || BigInt(`0x${id}`) === 0n) throw new FuzzFinding(`id "${id}"`);
  return 'ok';
}

function tenantVerdict(text: string): string {
  for (const headers of [{ 'x-scope-orgid': text }, { 'x-scope-orgid': [text, text] as unknown as string }]) {
    const result = tenantFromHeader(headers);
    if (!result.ok) checkMessage(result.message);
    else if (!/^[a-zA-Z0-9!_.*'()-]{1,150}$/.test(result.tenant)) throw new FuzzFinding(`tenant "${result.tenant}"`);
  }
  return tenantFromHeader({ 'x-scope-orgid': text }).ok ? 'ok' : 'no';
}

function rangeVerdict(start: string | undefined, end: string | undefined): string {
  return refusable(() => {
    const { fromUnixNano, toUnixNano } = parseTimeRange(start, end, NOW_UNIX_MS);
    if (fromUnixNano < 0n || fromUnixNano >= toUnixNano || toUnixNano >= 2n ** 64n) {
      throw new FuzzFinding(`range ${fromUnixNano} to ${toUnixNano}`);
    }
    return 'ok';
  });
}

function timeoutVerdict(text: string): string {
  try {
    const timeoutMs = parseGrpcTimeout(text);
    if (timeoutMs === undefined || !(timeoutMs >= 0)) throw new FuzzFinding(`timeout ${timeoutMs}`);
    return 'ok';
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    checkMessage(error.message);
    return 'no';
  }
}

function refusable(read: () => string): string {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    checkMessage(error.message);
    return error.code;
  }
}

function checkMessage(message: string): void {
  if (message.length > MAX_MESSAGE_LENGTH) throw new FuzzFinding(`a message of ${message.length} characters`);
}
