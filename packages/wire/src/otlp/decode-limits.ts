import type { SpanBatch } from '@clew/model';
import { DecodeError } from './decode-error.ts';

/**
 * What one request may unfold to. A two-byte protobuf field can become a record of 128 bytes, so the body limit
 * alone does not bound memory.
 */
export interface DecodeLimits {
  /** Spans in a request. */
  readonly maxSpans: number;
  /** Attributes, events, links, scopes and resources in a request, all together. */
  readonly maxRecords: number;
  /** Levels of AnyValue: 1 is a plain attribute value, 2 a value inside an array or map. */
  readonly maxNestingDepth: number;
}

/** At most 32 MiB of span records and 192 MiB of others; a 64 MiB request of usual spans holds about 110,000. */
export const DEFAULT_DECODE_LIMITS: DecodeLimits = {
  maxSpans: 262_144,
  maxRecords: 4_194_304,
  maxNestingDepth: 32,
};

export function tooManySpans(limits: DecodeLimits, byteOffset: number): DecodeError {
  return new DecodeError(
    'OTLP_TOO_MANY_SPANS',
    `OTLP request: more than ${limits.maxSpans} spans, the first too many at byte ${byteOffset} (limit ${limits.maxSpans}). Send smaller batches.`,
    byteOffset,
  );
}

function tooManyRecords(limits: DecodeLimits, byteOffset: number): DecodeError {
  return new DecodeError(
    'OTLP_TOO_MANY_RECORDS',
    `OTLP request: more than ${limits.maxRecords} attributes, events, links, scopes and resources by byte ${byteOffset} (limit ${limits.maxRecords}). Send smaller batches.`,
    byteOffset,
  );
}

export function nestedTooDeep(limits: DecodeLimits, byteOffset: number): DecodeError {
  return new DecodeError(
    'OTLP_VALUE_TOO_DEEP',
    `OTLP request: value at byte ${byteOffset} is nested more than ${limits.maxNestingDepth} levels deep (limit ${limits.maxNestingDepth}). Flatten the attribute.`,
    byteOffset,
  );
}

/**
 * Called when a table is about to grow, after every span, and for every scope and resource: between the calls no
 * table gets past twice the limit.
 */
export function checkRecords(batch: SpanBatch, limits: DecodeLimits, byteOffset: number): void {
  const records =
    batch.attributeCount +
    batch.nestedAttributeCount +
    batch.eventCount +
    batch.linkCount +
    batch.scopeCount +
    batch.resourceCount;
  if (records > limits.maxRecords) throw tooManyRecords(limits, byteOffset);
}
