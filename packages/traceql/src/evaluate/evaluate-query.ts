import type { TraceData, TraceId } from '@clew/model';
import { compareText } from '../compare-statics.ts';
import { printExpression } from '../print.ts';
import type { FieldReference, Pipeline, PipelineStage, SpansetQuery } from '../tree.ts';
import { compilePipeline, wholeTrace } from './compile-pipeline.ts';
import { isInRange, type TimeRange } from './is-in-range.ts';
import { readField } from './read-field.ts';
import { compareAttributes, type NamedValue } from './spanset.ts';
import { type SpanInContext, splitTraces, type TraceSpans } from './trace-spans.ts';
import { plainValue } from './value.ts';

/** A span with the values that select() asks for; what a span lacks is left out. */
export interface SelectedSpan extends SpanInContext {
  readonly selected: readonly NamedValue[];
}

export interface SpansetResult {
  /** In the order of the data; never empty. */
  readonly spans: readonly SelectedSpan[];
  /** Values of by() and of compared aggregates, named as printed: `by(span.http.route)`, `count()`. */
  readonly attributes: readonly NamedValue[];
  /** Number of `spans`. */
  readonly matchedCount: number;
}

export interface TraceResult {
  readonly traceId: TraceId;
  /** Start of the newest span of any spanset. */
  readonly newestUnixNano: bigint;
  /** By newest span, then by attributes as printed; never empty. */
  readonly spansets: readonly SpansetResult[];
}

export interface EvaluateOptions {
  /** Only spans that start in it are in the result; what leads to them comes from whole traces. */
  readonly range?: TimeRange;
  /** Shown before what select() names. */
  readonly show?: readonly FieldReference[];
}

/** Evaluates one query over traces, many times. */
export type EvaluateTraces = (data: TraceData, options?: EvaluateOptions) => readonly TraceResult[];

/**
 * The traces a query finds, newest first: by start of the newest span found, then by trace id, both descending.
 * `data` may hold several traces; each is taken whole.
 * @throws TraceqlError TRACEQL_TYPE for a regular expression that is invalid or no literal. Other type errors are
 * for validateQuery to find: here such comparisons are false. TRACEQL_LIMIT above MAX_VISITS.
 */
export function evaluateQuery(
  query: SpansetQuery,
  data: TraceData,
  options: EvaluateOptions = {},
): readonly TraceResult[] {
  return prepareQuery(query)(data, options);
}

/** As `evaluateQuery`, with what depends on the query alone done once. */
export function prepareQuery({ pipeline }: SpansetQuery): EvaluateTraces {
  const run = compilePipeline(pipeline);
  const selected = selectedFields(pipeline);
  return (data, { range, show = [] } = {}) => {
    const fields = namedFields([...show, ...selected]);
    const results: TraceResult[] = [];
    for (const trace of splitTraces(data)) {
      const spansets = run(trace, wholeTrace(trace))
        .map(({ spans, attributes }) => ({
          attributes,
          spans: spans.filter((at) => isInRange(spanAt(trace, at), range)),
        }))
        .filter(({ spans }) => spans.length > 0)
        .map((set) => ({ ...set, newest: newestStart(trace, set.spans) }))
        .sort((a, b) => compareStarts(b.newest, a.newest) || compareAttributes(a.attributes, b.attributes));
      if (spansets.length === 0) continue;
      results.push({
        traceId: trace.traceId,
        newestUnixNano: spansets[0].newest,
        spansets: spansets.map(({ spans, attributes }) => ({
          spans: spans.map((position) => showSpan(fields, trace, position)),
          attributes,
          matchedCount: spans.length,
        })),
      });
    }
    return results.sort(compareResults);
  };
}

/** What select() names anywhere in a pipeline, those in parentheses included. */
export function selectedFields(pipeline: Pipeline): readonly FieldReference[] {
  return pipeline.stages.flatMap(fieldsOfStage);
}

function fieldsOfStage(stage: PipelineStage): readonly FieldReference[] {
  switch (stage.kind) {
    case 'select':
      return stage.fields;
    case 'wrapped-pipeline':
      return selectedFields(stage.pipeline);
    case 'spanset-operation':
      return [...fieldsOfStage(stage.left), ...fieldsOfStage(stage.right)];
    default:
      return [];
  }
}

function namedFields(fields: readonly FieldReference[]): ReadonlyMap<string, FieldReference> {
  return new Map(fields.map((field) => [printExpression(field), field]));
}

const NOTHING: readonly NamedValue[] = [];

function showSpan(fields: ReadonlyMap<string, FieldReference>, trace: TraceSpans, position: number): SelectedSpan {
  const { span, scope, resource } = trace.spans[position];
  if (fields.size === 0) return { span, scope, resource, selected: NOTHING };
  const selected: NamedValue[] = [];
  for (const [name, field] of fields) {
    const value = plainValue(readField(field, trace, position));
    if (value.type !== 'nil') selected.push({ name, value });
  }
  return { span, scope, resource, selected };
}

function spanAt(trace: TraceSpans, position: number) {
  return trace.spans[position].span;
}

function newestStart(trace: TraceSpans, spans: readonly number[]): bigint {
  let newest = 0n;
  for (const position of spans) {
    const start = spanAt(trace, position).startTimeUnixNano;
    if (start > newest) newest = start;
  }
  return newest;
}

function compareStarts(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function compareResults(a: TraceResult, b: TraceResult): number {
  return compareStarts(b.newestUnixNano, a.newestUnixNano) || compareText(b.traceId, a.traceId);
}
