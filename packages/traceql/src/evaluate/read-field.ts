import { type AttributeValue, durationNano, findAttribute, type SpanEvent, type SpanLink } from '@clew/model';
import type { FieldReference, Intrinsic } from '../tree.ts';
import type { SpanInContext, TraceSpans } from './trace-spans.ts';
import { durationValue, intValue, type Opaque, type Scalar, textValue, type Value } from './value.ts';

/** The value of a field for the span at a position of its trace. */
export function readField(field: FieldReference, trace: TraceSpans, position: number): Value {
  if (field.kind === 'intrinsic') return readIntrinsic(field.intrinsic, trace, position);
  const at = field.ofParent === true ? trace.firstWithId(trace.spans[position].span.parentSpanId) : position;
  return at === undefined ? undefined : readAttribute(field, trace.spans[at]);
}

function readAttribute({ scope, key }: FieldReference & { kind: 'attribute' }, subject: SpanInContext): Value {
  const { span, resource } = subject;
  switch (scope) {
    case 'span':
      return attributeValue(findAttribute(span.attributes, key));
    case 'resource':
      return attributeValue(findAttribute(resource.attributes, key));
    case 'any':
      return attributeValue(findAttribute(span.attributes, key) ?? findAttribute(resource.attributes, key));
    case 'instrumentation':
      return attributeValue(findAttribute(subject.scope.attributes, key));
    case 'event':
      return attributeOccurrences(span.events, key);
    case 'link':
      return attributeOccurrences(span.links, key);
  }
}

function readIntrinsic(intrinsic: Intrinsic, trace: TraceSpans, position: number): Value {
  const { span, scope } = trace.spans[position];
  const { facts } = trace;
  switch (intrinsic) {
    case 'name':
      return textValue(span.name);
    case 'duration':
      return durationValue(durationNano(span));
    case 'status':
      return { type: 'status', value: span.status.code };
    case 'statusMessage':
      return textValue(span.status.message);
    case 'kind':
      return { type: 'kind', value: span.kind };
    case 'traceDuration':
      return durationValue(facts.durationNano);
    case 'rootName':
      return facts.rootName === undefined ? undefined : textValue(facts.rootName);
    case 'rootServiceName':
      return facts.rootServiceName === undefined ? undefined : textValue(facts.rootServiceName);
    case 'trace:id':
      return textValue(span.traceId);
    case 'span:id':
      return textValue(span.spanId);
    case 'span:parentID':
    case 'parent':
      return span.parentSpanId === '' ? undefined : textValue(span.parentSpanId);
    case 'nestedSetLeft':
      return intValue(trace.nestedSet.left[position]);
    case 'nestedSetRight':
      return intValue(trace.nestedSet.right[position]);
    case 'nestedSetParent':
      return intValue(trace.nestedSet.parent[position]);
    case 'span:childCount':
      return intValue(trace.byParentId.get(span.spanId)?.length ?? 0);
    case 'event:name':
      return occurrences(span.events.map(({ name }) => textValue(name)));
    case 'event:timeSinceStart':
      return occurrences(
        span.events.map(({ timeUnixNano }) => durationValue(BigInt.asIntN(64, timeUnixNano - span.startTimeUnixNano))),
      );
    case 'link:traceID':
      return occurrences(span.links.map(({ traceId }) => textValue(traceId)));
    case 'link:spanID':
      return occurrences(span.links.map(({ spanId }) => textValue(spanId)));
    case 'instrumentation:name':
      return textValue(scope.name);
    case 'instrumentation:version':
      return textValue(scope.version);
  }
}

function attributeOccurrences(of: readonly (SpanEvent | SpanLink)[], key: string): Value {
  const elements: (Scalar | Opaque)[] = [];
  for (const { attributes } of of) {
    const value = findAttribute(attributes, key);
    if (value !== undefined) elements.push(scalarOf(value) ?? { type: 'opaque', value });
  }
  return occurrences(elements);
}

function occurrences(elements: readonly (Scalar | Opaque)[]): Value {
  return elements.length === 0 ? undefined : { type: 'occurrences', elements };
}

function attributeValue(value: AttributeValue | undefined): Value {
  if (value === undefined) return undefined;
  if (value.type !== 'array') return scalarOf(value) ?? { type: 'opaque', value };
  const elements = value.value.flatMap((element) => scalarOf(element) ?? []);
  const isOfOneType = elements.every(({ type }) => type === elements[0].type);
  if (elements.length === 0 || elements.length < value.value.length || !isOfOneType) return { type: 'opaque', value };
  return { type: 'array', elements, value };
}

function scalarOf(value: AttributeValue): Scalar | undefined {
  switch (value.type) {
    case 'string':
    case 'int':
    case 'bool':
      return value;
    case 'double':
      return { type: 'float', value: value.value };
    default:
      return undefined;
  }
}
