import type { FoundAttribute, FoundSpan, FoundTrace } from '@clew/contract';
import { durationNano, SPAN_KINDS, STATUS_CODES, serviceName } from '@clew/model';
import { type FieldReference, printExpression } from '@clew/traceql';
import type { NamedValue, PlainValue, SelectedSpan } from '@clew/traceql/evaluate';
import type { MatchedSpan, TraceSummary } from '../../store/span-store.ts';

export function foundAttribute({ name, value }: NamedValue): FoundAttribute {
  return { name, ...typedText(value) };
}

function typedText(value: PlainValue): Pick<FoundAttribute, 'type' | 'value'> {
  switch (value.type) {
    case 'nil':
      return { type: 'nil', value: '' };
    case 'float':
      return { type: 'double', value: String(value.value) };
    case 'status':
      return { type: 'status', value: STATUS_CODES[value.value] ?? String(value.value) };
    case 'kind':
      return { type: 'kind', value: SPAN_KINDS[value.value] ?? String(value.value) };
    default:
      return { type: value.type, value: String(value.value) };
  }
}

export function foundSpan({ span, resource, selected }: SelectedSpan): FoundSpan {
  const found = {
    spanId: span.spanId,
    name: span.name,
    service: serviceName(resource),
    kind: span.kind,
    statusCode: span.status.code,
    startTimeUnixNano: span.startTimeUnixNano.toString(),
    durationNano: durationNano(span).toString(),
  };
  return selected.length === 0 ? found : { ...found, attributes: selected.map(foundAttribute) };
}

/** @param fields whose values the span has. */
export function foundStoredSpan(span: MatchedSpan, fields: readonly FieldReference[]): FoundSpan {
  const attributes = (span.values ?? []).flatMap((value, at) => {
    return value.type === 'nil' ? [] : [foundAttribute({ name: printExpression(fields[at]), value })];
  });
  const found = {
    spanId: span.spanId,
    name: span.name,
    service: span.service,
    kind: span.kind,
    statusCode: span.statusCode,
    startTimeUnixNano: span.startUnixNano.toString(),
    durationNano: span.durationNano.toString(),
  };
  return attributes.length === 0 ? found : { ...found, attributes };
}

/** The facts of a trace as an answer shows them. */
export function foundSummary(summary: TraceSummary): Omit<FoundTrace, 'matchedCount' | 'matched' | 'spansets'> {
  return {
    traceId: summary.traceId,
    rootService: summary.rootService,
    rootName: summary.rootName,
    startTimeUnixNano: summary.startUnixNano.toString(),
    durationNano: summary.durationNano.toString(),
    spanCount: summary.spanCount,
    errorCount: summary.errorCount,
    services: summary.services,
  };
}

/** Longest first, then oldest first, then by id. */
export function compareLongestFirst(a: FoundSpan, b: FoundSpan): number {
  return (
    -compareBigint(BigInt(a.durationNano), BigInt(b.durationNano)) ||
    compareBigint(BigInt(a.startTimeUnixNano), BigInt(b.startTimeUnixNano)) ||
    (a.spanId < b.spanId ? -1 : Number(a.spanId > b.spanId))
  );
}

function compareBigint(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
