import { createHash } from 'node:crypto';
import type { TraceId } from '@clew/model';
import { decodeCursor, encodeCursor } from '../../../../server/src/query/cursor.ts';
import { QueryError } from '../../../../server/src/query/query-error.ts';
import { FuzzFinding, type FuzzTarget, shapeOf, utf8 } from '../fuzz-target.ts';

const TENANT = 'acme';
const QUERY = '{ }';
const CHECKSUM_BYTES = 4;

/** decodeCursor: what it accepts is what encodeCursor writes, to the letter. */
export const searchCursorTarget: FuzzTarget = {
  name: 'search-cursor',
  style: 'text',
  dictionary: ['=', '-', '_', 'AQ', '\u0000'].map(utf8),
  seeds: () => [
    { name: 'newest', bytes: utf8(cursorText(2n ** 63n, 'f'.repeat(32))) },
    { name: 'oldest', bytes: utf8(cursorText(0n, '0'.repeat(31).concat('1'))) },
    { name: 'empty', bytes: new Uint8Array(0) },
  ],
  repair(input) {
    const bytes = Buffer.from(new TextDecoder().decode(input), 'base64url');
    if (bytes.length <= CHECKSUM_BYTES) return input;
    const content = bytes.subarray(0, -CHECKSUM_BYTES);
    const checksum = createHash('sha256').update(content).digest().subarray(0, CHECKSUM_BYTES);
    return utf8(Buffer.concat([content, checksum]).toString('base64url'));
  },
  check(input) {
    const text = new TextDecoder().decode(input);
    try {
      const cursor = decodeCursor(text, TENANT, QUERY);
      if (encodeCursor(cursor, TENANT, QUERY) !== text) throw new FuzzFinding('written again it is another text');
      return 'accepted';
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      return `${error.code} ${shapeOf(error.message)}`;
    }
  },
};

function cursorText(newestMatchUnixNano: bigint, traceId: string): string {
  const range = { fromUnixNano: 0n, toUnixNano: 2n ** 64n - 1n };
  return encodeCursor({ range, after: { newestMatchUnixNano, traceId: traceId as TraceId } }, TENANT, QUERY);
}
