import type { FuzzTarget } from './fuzz-target.ts';
import { anyValueTarget } from './targets/any-value.ts';
import { grpcMessageTarget } from './targets/grpc-message.ts';
import { gzipTarget } from './targets/gzip.ts';
import { journalEntryTarget } from './targets/journal-entry.ts';
import { journalSegmentTarget } from './targets/journal-segment.ts';
import { nativeBlockTarget } from './targets/native-block.ts';
import { otlpJsonTarget } from './targets/otlp-json.ts';
import { otlpProtobufTarget } from './targets/otlp-protobuf.ts';
import { otlpToBlockTarget } from './targets/otlp-to-block.ts';
import { requestParametersTarget } from './targets/request-parameters.ts';
import { searchCursorTarget } from './targets/search-cursor.ts';
import { traceColumnsTarget } from './targets/trace-columns.ts';
import { traceqlTarget } from './targets/traceql.ts';
import { zstdTarget } from './targets/zstd.ts';

/** Every entry of Clew that takes bytes from others. */
export async function fuzzTargets(): Promise<readonly FuzzTarget[]> {
  return [
    otlpProtobufTarget(),
    otlpJsonTarget(),
    otlpToBlockTarget(),
    anyValueTarget,
    traceColumnsTarget,
    gzipTarget,
    await zstdTarget(),
    grpcMessageTarget,
    requestParametersTarget,
    journalEntryTarget,
    journalSegmentTarget(),
    nativeBlockTarget,
    traceqlTarget(),
    searchCursorTarget,
  ];
}
