import { crc32 } from 'node:zlib';
import {
  decodePayload,
  ENTRY_HEADER_BYTES,
  encodeEntry,
  payloadMatches,
  tryDecodeHeader,
} from '../../../../server/src/journal/entry-codec.ts';
import { type CorpusInput, FuzzFinding, type FuzzTarget, magnitude, shapeOf, utf8 } from '../fuzz-target.ts';

/** What decodePayload says of a payload whose checksum is right and whose content is not. */
const DAMAGED = /^journal entry: /;

/** Header and payload of a journal entry; what is written again is byte for byte what was read. */
export const journalEntryTarget: FuzzTarget = {
  name: 'journal-entry',
  style: 'bytes',
  dictionary: [utf8('CLWE'), utf8('spans'), new Uint8Array(10)],
  seeds,
  repair: withTrueChecksums,
  check(input) {
    const bytes = Buffer.from(input);
    const header = tryDecodeHeader(bytes);
    if (header === undefined) return 'no header';
    const payload = bytes.subarray(ENTRY_HEADER_BYTES, ENTRY_HEADER_BYTES + header.payloadBytes);
    if (!payloadMatches(header, payload)) return 'payload of another checksum';
    let entry: ReturnType<typeof decodePayload>;
    try {
      entry = decodePayload(header.spanCount, payload);
    } catch (error) {
      if (!(error instanceof Error) || !DAMAGED.test(error.message)) throw error;
      return shapeOf(error.message);
    }
    // Names that are not UTF-8, and shards written in another way, do not come back as they were.
    if (/[\ufffd@]/.test(entry.blocks.map(({ table }) => table).join()) || bytes.includes('@'))
      return 'accepted: odd name';
    const again = Buffer.concat(encodeEntry(entry, header.sequence).buffers);
    // The header's last four bytes are spare and not covered by its checksum.
    const read = bytes.subarray(0, ENTRY_HEADER_BYTES + header.payloadBytes);
    read.fill(0, ENTRY_HEADER_BYTES - 4, ENTRY_HEADER_BYTES);
    if (!again.equals(read)) {
      throw new FuzzFinding('written again it is something else');
    }
    return `accepted ${magnitude(entry.blocks.length)}`;
  },
};

/** The checksums that fit, and the length. */
export function withTrueChecksums(input: Uint8Array): Uint8Array {
  if (input.length < ENTRY_HEADER_BYTES) return input;
  const bytes = Buffer.from(input);
  const payload = bytes.subarray(ENTRY_HEADER_BYTES);
  bytes.write('CLWE', 0, 'latin1');
  bytes.writeUInt32LE(payload.length, 4);
  bytes.writeUInt32LE(crc32(payload), 8);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 24)), 24);
  return Uint8Array.from(bytes);
}

export function entryBytes(
  spanCount: number,
  sequence: number,
  tables: Readonly<Record<string, string>>,
  secret?: number,
): Uint8Array {
  const blocks = Object.entries(tables).map(([table, text]) => ({ table, rowCount: text.length, bytes: utf8(text) }));
  return Uint8Array.from(Buffer.concat(encodeEntry({ spanCount, blocks }, sequence, secret).buffers));
}

function seeds(): CorpusInput[] {
  return [
    { name: 'no-blocks', bytes: entryBytes(0, 1, {}) },
    { name: 'one-block', bytes: entryBytes(3, 2, { spans: 'abc' }) },
    {
      name: 'five-blocks',
      bytes: entryBytes(9, 3, { resources: '', scopes: 'x', operations: 'yy', attribute_keys: 'z', spans: 's' }),
    },
    { name: 'beyond-its-end', bytes: withTrueChecksums(entryBytes(3, 2, { spans: 'abc' }).subarray(0, -2)) },
  ];
}
