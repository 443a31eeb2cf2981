/**
 * A trace as Zipkin v2 JSON, by OpenTelemetry's rules ("OpenTelemetry to Zipkin Transformation"). Times are cut to
 * microseconds; every attribute becomes text; attributes of the resource and the scope become tags of each span; links
 * become tags `otlp.link.0` … as the OpenTelemetry Collector writes them.
 */
import { type Attribute, durationNano, type Resource, type Span, STATUS_CODES, serviceName } from '@clew/model';
import { plainText, plainValue } from '../file/plain-text.ts';
import type { SpanInContext } from '../file/span-in-context.ts';

const KINDS: readonly (string | undefined)[] = [undefined, undefined, 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
const INTERNAL = 1;
/** What names the other side of a call, the best first. */
const REMOTE_NAMES = ['peer.service', 'server.address', 'network.peer.address', 'net.peer.name'];

/** `[span, …]`, span by span, so that no string of the whole need be held. */
export function* writeZipkinJson(spans: Iterable<SpanInContext>): Generator<string> {
  yield '[';
  let separator = '\n';
  for (const found of spans) {
    yield `${separator}${JSON.stringify(spanToZipkin(found))}`;
    separator = ',\n';
  }
  yield '\n]\n';
}

function spanToZipkin({ span, scope, resource }: SpanInContext): object {
  const duration = durationNano(span);
  const remote = remoteName(span);
  return {
    traceId: span.traceId,
    ...(span.parentSpanId !== '' && { parentId: span.parentSpanId }),
    id: span.spanId,
    ...(KINDS[span.kind] !== undefined && { kind: KINDS[span.kind] }),
    name: span.name,
    timestamp: Number(span.startTimeUnixNano / 1000n),
    duration: duration < 0n ? 0 : Number(duration / 1000n),
    localEndpoint: { serviceName: serviceName(resource) },
    ...(remote !== undefined && { remoteEndpoint: { serviceName: remote } }),
    ...(span.events.length > 0 && {
      annotations: span.events.map((event) => ({
        timestamp: Number(event.timeUnixNano / 1000n),
        value: annotationOf(event.name, event.attributes),
      })),
    }),
    tags: tagsOf(span, scope, resource),
  };
}

function remoteName(span: Span): string | undefined {
  if (span.kind !== KINDS.indexOf('CLIENT') && span.kind !== KINDS.indexOf('PRODUCER')) return undefined;
  for (const name of REMOTE_NAMES) {
    const found = span.attributes.find(({ key }) => key === name);
    if (found !== undefined) return plainText(found.value);
  }
  return undefined;
}

/** The name alone, or `"name": {…attributes…}`. */
function annotationOf(name: string, attributes: readonly Attribute[]): string {
  if (attributes.length === 0) return name;
  return `${JSON.stringify(name)}: ${JSON.stringify(plainMap(attributes))}`;
}

function tagsOf(span: Span, scope: SpanInContext['scope'], resource: Resource): Record<string, string> {
  const tags: [string, string][] = [];
  for (const { key, value } of resource.attributes) if (key !== 'service.name') tags.push([key, plainText(value)]);
  for (const { key, value } of span.attributes) tags.push([key, plainText(value)]);
  if (scope.name !== '') tags.push(['otel.scope.name', scope.name]);
  if (scope.version !== '') tags.push(['otel.scope.version', scope.version]);
  if (span.kind === INTERNAL) tags.push(['span.kind', 'internal']);
  if (span.traceState !== '') tags.push(['w3c.tracestate', span.traceState]);
  const status = STATUS_CODES[span.status.code];
  if (status === 'ok' || status === 'error') tags.push(['otel.status_code', status.toUpperCase()]);
  if (status === 'error') tags.push(['error', span.status.message]);
  span.links.forEach((link, index) => {
    const attributes = JSON.stringify(plainMap(link.attributes));
    const value = [link.traceId, link.spanId, link.traceState, attributes, link.droppedAttributesCount].join('|');
    tags.push([`otlp.link.${index}`, value]);
  });
  return Object.fromEntries(tags);
}

function plainMap(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, plainValue(value)]));
}
