import { Dictionary, SpanBatch } from '@clew/model';
import { decodeAnyValue } from '@clew/wire/otlp/decode-any-value';
import { DecodeError } from '@clew/wire/otlp/decode-error';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { SpanBlockEncoder } from '../../../../server/src/store/encode/span-block-encoder.ts';
import { readNativeBuffer } from '../../../../server/src/store/native/block-reader.ts';
import { MapColumn } from '../../../../server/src/store/native/map-column.ts';
import type { NativeBlock } from '../../../../server/src/store/native/native-block.ts';
import { StringColumn } from '../../../../server/src/store/native/string-column.ts';
import { EventLinkReader } from '../../../../server/src/store/read/event-link-reader.ts';
import { FuzzFinding, type FuzzTarget, magnitude } from '../fuzz-target.ts';
import { otlpProtobufSeeds } from './otlp-seeds.ts';

const RECEIVED_UNIX_MS = Date.UTC(2026, 10, 21);

/** What a worker does with a request: whatever decodes can be encoded, and what was encoded can be read again. */
export function otlpToBlockTarget(): FuzzTarget {
  const dictionary = new Dictionary(1);
  const batch = new SpanBatch(dictionary);
  const encoder = new SpanBlockEncoder({ dictionary });
  return {
    name: 'otlp-to-block',
    style: 'protobuf',
    seeds: otlpProtobufSeeds,
    check(input) {
      try {
        decodeOtlpProtobuf(batch, input, DEFAULT_DECODE_LIMITS);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        return error.code;
      }
      if (batch.spanCount === 0) return 'no spans';
      encoder.add(batch, 'acme', RECEIVED_UNIX_MS);
      const entry = encoder.finish();
      encoder.confirm(entry.token);
      if (encoder.needsReset) encoder.reset();
      for (const { table, rowCount, bytes } of entry.blocks) {
        const blocks = readNativeBuffer(bytes);
        const rows = blocks.reduce((sum, block) => sum + block.rowCount, 0);
        if (rows !== rowCount) throw new FuzzFinding(`${rows} rows of ${table} (expected ${rowCount})`);
        if (table !== 'spans') continue;
        if (rows !== batch.spanCount) throw new FuzzFinding(`${rows} rows of ${batch.spanCount} spans`);
        for (const block of blocks) checkValues(block);
      }
      return `accepted ${magnitude(batch.spanCount)} ${magnitude(batch.attributeCount)} ${entry.blocks.length}`;
    },
  };
}

/** Arrays, maps and bytes are kept as protobuf, which reading a trace decodes: none may be broken. */
function checkValues(block: NativeBlock): void {
  const map = block.column('attributes_other', MapColumn);
  const values = map.valuesAs(StringColumn);
  for (let i = 0; i < values.rowCount; i++) decodeAnyValue(values.bytesAt(i));
  const eventsAndLinks = new EventLinkReader(block);
  for (let row = 0; row < block.rowCount; row++) eventsAndLinks.read(row);
}
