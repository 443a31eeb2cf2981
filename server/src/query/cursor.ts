import { createHash } from 'node:crypto';
import { hexFromBytes, type TraceId } from '@clew/model';
import type { TimeRange, TracePosition } from '../store/span-store.ts';
import { QueryError } from './query-error.ts';

/**
 * Where the next page begins: opaque to clients, 53 bytes in base64url.
 *
 * It carries the range of the first page, since "until now" has moved on by the time the next page is asked for, and
 * a fingerprint of tenant and query, since a position in one answer means nothing in another. The checksum tells a
 * copying mistake from a cursor; it is no secret, and needs to be none: the tenant is never taken from here.
 */
export interface SearchCursor {
  readonly range: TimeRange;
  readonly after: TracePosition;
}

const VERSION = 1;
const NEWEST_AT = 1;
const TRACE_ID_AT = 9;
const FROM_AT = 25;
const TO_AT = 33;
const FINGERPRINT_AT = 41;
const FINGERPRINT_BYTES = 8;
const CHECKSUM_AT = FINGERPRINT_AT + FINGERPRINT_BYTES;
const CURSOR_BYTES = CHECKSUM_AT + 4;

/** @param query its canonical text, so that spaces do not matter. */
export function encodeCursor(cursor: SearchCursor, tenant: string, query: string): string {
  const bytes = Buffer.alloc(CURSOR_BYTES);
  bytes[0] = VERSION;
  bytes.writeBigUInt64LE(cursor.after.newestMatchUnixNano, NEWEST_AT);
  bytes.write(cursor.after.traceId, TRACE_ID_AT, 'hex');
  bytes.writeBigUInt64LE(cursor.range.fromUnixNano, FROM_AT);
  bytes.writeBigUInt64LE(cursor.range.toUnixNano, TO_AT);
  fingerprint(tenant, query).copy(bytes, FINGERPRINT_AT);
  checksum(bytes).copy(bytes, CHECKSUM_AT);
  return bytes.toString('base64url');
}

/** @throws QueryError QUERY_CURSOR_INVALID, QUERY_CURSOR_MISMATCH */
export function decodeCursor(text: string, tenant: string, query: string): SearchCursor {
  const bytes = Buffer.from(text, 'base64url');
  // The decoder skips what is not base64url: only the same text back is proof.
  if (bytes.toString('base64url') !== text || bytes.length === 0) throw invalid('it is not base64url');
  if (bytes[0] !== VERSION) throw invalid(`it has version ${bytes[0]} (known: ${VERSION})`);
  if (bytes.length !== CURSOR_BYTES) throw invalid(`it has ${bytes.length} bytes (expected ${CURSOR_BYTES})`);
  if (!checksum(bytes).equals(bytes.subarray(CHECKSUM_AT))) throw invalid('its checksum is wrong');
  if (!fingerprint(tenant, query).equals(bytes.subarray(FINGERPRINT_AT, CHECKSUM_AT))) {
    throw new QueryError(
      'QUERY_CURSOR_MISMATCH',
      'cursor: it belongs to another query. Send it with the query it came from, or start without a cursor.',
    );
  }
  return {
    range: { fromUnixNano: bytes.readBigUInt64LE(FROM_AT), toUnixNano: bytes.readBigUInt64LE(TO_AT) },
    after: {
      newestMatchUnixNano: bytes.readBigUInt64LE(NEWEST_AT),
      traceId: hexFromBytes(bytes, TRACE_ID_AT, 16) as TraceId,
    },
  };
}

function fingerprint(tenant: string, query: string): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([tenant, query]))
    .digest()
    .subarray(0, FINGERPRINT_BYTES);
}

function checksum(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes.subarray(0, CHECKSUM_AT)).digest().subarray(0, 4);
}

function invalid(why: string): QueryError {
  return new QueryError(
    'QUERY_CURSOR_INVALID',
    `cursor: ${why}. Send the cursor of the answer before unchanged, or start without one.`,
  );
}
