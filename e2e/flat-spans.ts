/** Trace data as a comparable list: one entry a span with its surroundings, attributes in one order. */
import type { Attribute, AttributeValue, TraceData } from '@clew/model';

/**
 * Spans by trace id and span id. Attribute lists are unordered maps in OpenTelemetry, so they are sorted by key here;
 * a resource or scope that was sent twice is one.
 */
export function flatSpans(data: TraceData): readonly object[] {
  const flat = data.resourceSpans.flatMap(({ resource, scopeSpans, schemaUrl }) =>
    scopeSpans.flatMap(({ scope, spans, schemaUrl: scopeSchemaUrl }) =>
      spans.map((span) => ({
        key: `${span.traceId} ${span.spanId}`,
        resource: { ...resource, attributes: sorted(resource.attributes) },
        schemaUrl,
        scope: { ...scope, attributes: sorted(scope.attributes) },
        scopeSchemaUrl,
        span: {
          ...span,
          attributes: sorted(span.attributes),
          events: span.events.map((event) => ({ ...event, attributes: sorted(event.attributes) })),
          links: span.links.map((link) => ({ ...link, attributes: sorted(link.attributes) })),
        },
      })),
    ),
  );
  // Two spans may have the same ids: then everything else decides their order.
  return flat
    .map((span) => ({ span, text: textOf(span) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ span }) => span);
}

function textOf(span: object): string {
  return JSON.stringify(span, (_name, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}

function sorted(attributes: readonly Attribute[]): readonly object[] {
  return attributes
    .map(({ key, value }) => ({ key, value: comparable(value) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** −0 and 0 are told apart, bytes become text. Order inside arrays and maps is kept: it is part of the value. */
function comparable(value: AttributeValue): object {
  switch (value.type) {
    case 'double':
      return { type: 'double', value: Object.is(value.value, -0) ? '-0' : String(value.value) };
    case 'bytes':
      return { type: 'bytes', value: Buffer.from(value.value).toString('hex') };
    case 'array':
      return { type: 'array', value: value.value.map(comparable) };
    case 'kvlist':
      return { type: 'kvlist', value: value.value.map(({ key, value: inner }) => ({ key, value: comparable(inner) })) };
    default:
      return value;
  }
}
