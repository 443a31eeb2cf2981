/**
 * TraceQL over traces in memory: small and obvious, the judge of the SQL compiler. Every rule is in SEMANTICS.md.
 * Imported as `@clew/traceql/evaluate`; brings the regex engine.
 */
import {
  type AttributeValue,
  durationNano,
  findAttribute,
  type InstrumentationScope,
  type Resource,
  type Span,
  type TraceData,
} from '@clew/model';
import { compareStatics } from './compare-statics.ts';
import { type Field, type NormalComparison, type NormalFilter, normalizeFilter } from './normalize.ts';
import { buildTraceFacts, type TraceFacts } from './trace-facts.ts';
import { notYetError, typeError } from './traceql-error.ts';
import type { FieldExpression, Intrinsic, Static } from './tree.ts';
import { checkRegex, compileRegex } from './validate-regex.ts';

/** A span with its surroundings. */
export interface SpanInContext {
  readonly span: Span;
  readonly scope: InstrumentationScope;
  readonly resource: Resource;
}

export interface EvaluateOptions {
  /** Only spans with from ≤ start < to, unsigned nanoseconds since 1970. Facts of a trace still see all its spans. */
  readonly range?: { readonly fromUnixNano: bigint; readonly toUnixNano: bigint };
}

/**
 * The spans that satisfy a filter, in the order of the data. `data` may hold several traces; each is taken whole.
 * @throws TraceqlError when the filter does not pass `validateFilter`, or a regular expression is invalid.
 */
export function evaluateFilter(
  filter: FieldExpression,
  data: TraceData,
  options: EvaluateOptions = {},
): SpanInContext[] {
  const test = compileFilter(normalizeFilter(filter));
  const facts = buildTraceFacts(data);
  const matching: SpanInContext[] = [];
  for (const { resource, scopeSpans } of data.resourceSpans) {
    for (const { scope, spans } of scopeSpans) {
      for (const span of spans) {
        if (!isInRange(span, options)) continue;
        const trace = facts.get(span.traceId);
        if (trace !== undefined && test({ span, scope, resource, trace })) matching.push({ span, scope, resource });
      }
    }
  }
  return matching;
}

function isInRange(span: Span, { range }: EvaluateOptions): boolean {
  if (range === undefined) return true;
  return span.startTimeUnixNano >= range.fromUnixNano && span.startTimeUnixNano < range.toUnixNano;
}

interface Subject extends SpanInContext {
  readonly trace: TraceFacts;
}

type Test = (subject: Subject) => boolean;

function compileFilter(filter: NormalFilter): Test {
  switch (filter.kind) {
    case 'static': {
      const { value } = filter.static;
      return () => value;
    }
    case 'attribute':
      return (subject) => {
        const value = readField(filter, subject);
        return value?.type === 'bool' && value.value;
      };
    case 'not': {
      const operand = compileFilter(filter.operand);
      return (subject) => !operand(subject);
    }
    case 'logical': {
      const left = compileFilter(filter.left);
      const right = compileFilter(filter.right);
      if (filter.operator === '&&') return (subject) => left(subject) && right(subject);
      return (subject) => left(subject) || right(subject);
    }
    case 'comparison':
      return compileComparison(filter);
  }
}

function compileComparison({ operator, left, right }: NormalComparison): Test {
  const literal = right.static;
  if (literal.type === 'nil') {
    const wanted = operator === '!=';
    return (subject) => (readField(left, subject) !== undefined) === wanted;
  }
  if (literal.type === 'string' && (operator === '=~' || operator === '!~')) {
    const problem = checkRegex(literal.value);
    if (problem !== undefined) throw typeError(`invalid regular expression: ${problem}.`, right.at);
    const matches = compileRegex(literal.value);
    const wanted = operator === '=~';
    return (subject) => {
      const value = readField(left, subject);
      return value?.type === 'string' && matches(value.value) === wanted;
    };
  }
  return (subject) => {
    const value = readField(left, subject);
    return value !== undefined && value.type !== 'opaque' && compareStatics(operator, value, literal);
  };
}

/** `opaque` exists but matches no comparison: arrays, maps, bytes, empty values. Undefined is nil. */
type FieldValue = Static | { readonly type: 'opaque' } | undefined;

function readField(field: Field, subject: Subject): FieldValue {
  if (field.kind === 'intrinsic') return readIntrinsic(field.intrinsic, subject);
  const { span, resource } = subject;
  let value: AttributeValue | undefined;
  if (field.scope !== 'resource') value = findAttribute(span.attributes, field.key);
  if (field.scope === 'resource' || (field.scope === 'any' && value === undefined)) {
    value = findAttribute(resource.attributes, field.key);
  }
  return value === undefined ? undefined : attributeStatic(value);
}

function attributeStatic(value: AttributeValue): FieldValue {
  switch (value.type) {
    case 'string':
    case 'int':
    case 'bool':
      return value;
    case 'double':
      return { type: 'float', value: value.value };
    default:
      return { type: 'opaque' };
  }
}

function readIntrinsic(intrinsic: Intrinsic, { span, trace }: Subject): FieldValue {
  switch (intrinsic) {
    case 'name':
      return text(span.name);
    case 'duration':
      return { type: 'duration', value: durationNano(span) };
    case 'status':
      return { type: 'status', value: span.status.code };
    case 'statusMessage':
      return text(span.status.message);
    case 'kind':
      return { type: 'kind', value: span.kind };
    case 'traceDuration':
      return { type: 'duration', value: trace.durationNano };
    case 'rootName':
      return text(trace.rootName);
    case 'rootServiceName':
      return text(trace.rootServiceName);
    case 'trace:id':
      return text(span.traceId);
    case 'span:id':
      return text(span.spanId);
    case 'span:parentID':
      return text(span.parentSpanId === '' ? undefined : span.parentSpanId);
    default:
      throw notYetError(`the intrinsic ${intrinsic} is not supported yet.`, { from: 0, to: 0 });
  }
}

function text(value: string | undefined): FieldValue {
  return value === undefined ? undefined : { type: 'string', value };
}
