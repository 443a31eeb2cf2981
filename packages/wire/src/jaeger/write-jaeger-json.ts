/**
 * A trace as the JSON that Jaeger's UI reads and its HTTP API answers with, by OpenTelemetry's rules ("OpenTelemetry to
 * Jaeger Transformation"). Times are cut to microseconds, which is all Jaeger has; attributes that are lists or maps
 * become JSON text; counts of dropped things and schema URLs have no place there.
 */
import {
  type Attribute,
  type AttributeValue,
  durationNano,
  type Resource,
  SPAN_KINDS,
  type Span,
  STATUS_CODES,
  serviceName,
} from '@clew/model';
import { plainText, plainValue } from '../file/plain-text.ts';
import type { SpanInContext } from '../file/span-in-context.ts';

interface JaegerTag {
  readonly key: string;
  readonly type: 'string' | 'bool' | 'int64' | 'float64' | 'binary';
  readonly value: unknown;
}

/** `{"data": [one trace], …}`, span by span, so that no string of the whole need be held. All spans of one trace. */
export function* writeJaegerJson(spans: Iterable<SpanInContext>): Generator<string> {
  const processes = new Map<Resource, string>();
  let traceId: string | undefined;
  for (const { span, scope, resource } of spans) {
    let processId = processes.get(resource);
    if (processId === undefined) {
      processId = `p${processes.size + 1}`;
      processes.set(resource, processId);
    }
    if (traceId === undefined) {
      traceId = span.traceId;
      yield `{"data":[{"traceID":${JSON.stringify(traceId)},"spans":[\n`;
    } else {
      yield ',\n';
    }
    yield JSON.stringify(spanToJaeger(span, scope, processId));
  }
  yield traceId === undefined ? '{"data":[' : '\n],"processes":{';
  if (traceId !== undefined) {
    let separator = '';
    for (const [resource, processId] of processes) {
      yield `${separator}\n${JSON.stringify(processId)}:${JSON.stringify(processOf(resource))}`;
      separator = ',';
    }
    yield '\n},"warnings":null}';
  }
  yield '],"total":0,"limit":0,"offset":0,"errors":null}\n';
}

function processOf(resource: Resource): { serviceName: string; tags: JaegerTag[] } {
  const tags = resource.attributes.filter(({ key }) => key !== 'service.name').map(tagOf);
  return { serviceName: serviceName(resource), tags };
}

function spanToJaeger(span: Span, scope: SpanInContext['scope'], processId: string): object {
  const duration = durationNano(span);
  return {
    traceID: span.traceId,
    spanID: span.spanId,
    ...((span.flags & 0xff) !== 0 && { flags: span.flags & 0xff }),
    operationName: span.name,
    references: referencesOf(span),
    startTime: Number(span.startTimeUnixNano / 1000n),
    duration: duration < 0n ? 0 : Number(duration / 1000n),
    tags: [...span.attributes.map(tagOf), ...tagsOfMembers(span, scope)],
    logs: span.events.map((event) => ({
      timestamp: Number(event.timeUnixNano / 1000n),
      fields: [textTag('event', event.name), ...event.attributes.map(tagOf)],
    })),
    processID: processId,
    warnings: null,
  };
}

function referencesOf(span: Span): object[] {
  const references = span.links.map((link) => ({
    refType: 'FOLLOWS_FROM',
    traceID: link.traceId,
    spanID: link.spanId,
  }));
  if (span.parentSpanId === '') return references;
  return [{ refType: 'CHILD_OF', traceID: span.traceId, spanID: span.parentSpanId }, ...references];
}

/** What OTLP has as members of the span and Jaeger as tags. */
function tagsOfMembers(span: Span, scope: SpanInContext['scope']): JaegerTag[] {
  const tags: JaegerTag[] = [];
  if (span.kind !== 0) tags.push(textTag('span.kind', SPAN_KINDS[span.kind] ?? String(span.kind)));
  if (span.status.code !== 0) {
    tags.push(textTag('otel.status_code', (STATUS_CODES[span.status.code] ?? String(span.status.code)).toUpperCase()));
  }
  if (STATUS_CODES[span.status.code] === 'error' && !span.attributes.some(({ key }) => key === 'error')) {
    tags.push({ key: 'error', type: 'bool', value: true });
  }
  if (span.status.message !== '') tags.push(textTag('otel.status_description', span.status.message));
  if (scope.name !== '') tags.push(textTag('otel.scope.name', scope.name));
  if (scope.version !== '') tags.push(textTag('otel.scope.version', scope.version));
  if (span.traceState !== '') tags.push(textTag('w3c.tracestate', span.traceState));
  return tags;
}

function textTag(key: string, value: string): JaegerTag {
  return { key, type: 'string', value };
}

const TAG_TYPES: Partial<Record<AttributeValue['type'], JaegerTag['type']>> = {
  bool: 'bool',
  int: 'int64',
  double: 'float64',
  bytes: 'binary',
};

function tagOf({ key, value }: Attribute): JaegerTag {
  const type = TAG_TYPES[value.type];
  return type === undefined ? textTag(key, plainText(value)) : { key, type, value: plainValue(value) };
}
