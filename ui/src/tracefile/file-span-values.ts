import type { SpanBatch, SpanValues, TraceData } from '@clew/model';
import { type FieldReference, parseQuery, tryParseField } from '@clew/traceql';
import { prepareQuery, type SelectedSpan, valueText } from '@clew/traceql/evaluate';
import { checkRegex } from '@clew/traceql/validate-regex';
import { TraceFileError } from '@clew/wire/file/trace-file-error';
import { traceDataOf } from './trace-data-of.ts';

/** Queries over whole traces in memory need an object a span; larger ones are for a server. */
const MAX_QUERIED_SPANS = 250_000;
/** UTF-16 units of a value; the details of a span show the whole. */
const MAX_VALUE_LENGTH = 256;

/** The spans of a trace out of a file that a TraceQL query finds. @throws TraceqlError, TraceFileError */
export function matchSpans(data: TraceData, text: string): SpanValues {
  const query = parseQuery(text, { checkRegex });
  if (query.kind !== 'spanset-query') {
    throw new TraceFileError(
      'TRACE_FILE_INVALID_VALUE',
      'find: a metrics query yields series, not spans. Leave out the metrics function.',
    );
  }
  const found = prepareQuery(query)(data);
  const spans = new Map<SelectedSpan['span'], SelectedSpan>();
  for (const { spansets } of found)
    for (const set of spansets) for (const span of set.spans) spans.set(span.span, span);
  return spansOf([...spans.values()]);
}

/** One attribute or intrinsic of every span that has it, by its TraceQL name. @throws TraceFileError */
export function valuesOfSpans(data: TraceData, name: string): SpanValues {
  const field = fieldOf(name);
  const everything = parseQuery('{ }');
  if (everything.kind !== 'spanset-query') throw new Error('values: { } is no query of spans.');
  const found = prepareQuery(everything)(data, { show: [field] });
  const spans = found.flatMap(({ spansets }) => spansets.flatMap((set) => set.spans));
  const having = spans.filter(({ selected }) => selected.length > 0);
  const indexes = new Map<string, number>();
  const value = Uint32Array.from(having, ({ selected: [{ value: plain }] }) => {
    const whole = plain.type === 'string' ? plain.value : valueText(plain);
    const text = whole.length > MAX_VALUE_LENGTH ? `${whole.slice(0, MAX_VALUE_LENGTH - 1)}…` : whole;
    const known = indexes.get(text) ?? indexes.size;
    indexes.set(text, known);
    return known;
  });
  return { ...spansOf(having), values: [...indexes.keys()], value };
}

/** The spans as queries want them. @throws TraceFileError when they are too many */
export function queriedData(batch: SpanBatch, rows: Int32Array): TraceData {
  if (rows.length <= MAX_QUERIED_SPANS) return traceDataOf(batch, rows);
  throw new TraceFileError(
    'TRACE_FILE_TOO_LARGE',
    `find: ${rows.length} spans (limit ${MAX_QUERIED_SPANS} for TraceQL over a file). Send the file to Clew, or find by name.`,
  );
}

function fieldOf(name: string): FieldReference {
  const field = tryParseField(name);
  if (field !== undefined) return field;
  throw new TraceFileError(
    'TRACE_FILE_INVALID_VALUE',
    `field: '${name.slice(0, 100)}' is not an attribute or intrinsic. Write span.KEY, resource.KEY, .KEY, or an intrinsic such as name, status or kind.`,
  );
}

function spansOf(spans: readonly SelectedSpan[]): SpanValues {
  const spanId = new Int32Array(spans.length * 2);
  const bytes = new DataView(spanId.buffer);
  spans.forEach(({ span }, at) => {
    for (let byte = 0; byte < 8; byte++) {
      bytes.setUint8(at * 8 + byte, Number.parseInt(span.spanId.slice(byte * 2, byte * 2 + 2), 16));
    }
  });
  const start = BigInt64Array.from(spans, ({ span }) => BigInt.asIntN(64, span.startTimeUnixNano));
  return { count: spans.length, start, spanId };
}
