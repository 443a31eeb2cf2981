import type { Attribute, AttributeValue, InstrumentationScope, Resource, Span, TraceData } from '@clew/model';
import { generateRealisticTraces } from '@clew/testkit/generate-realistic-traces';
import { describe, expect, it } from 'vitest';
import { parseJaegerJson } from '../jaeger/parse-jaeger-json.ts';
import { writeJaegerJson } from '../jaeger/write-jaeger-json.ts';
import { writeOtlpJson } from '../otlp/encode-json.ts';
import { encodeOtlpProtobuf } from '../otlp/encode-protobuf.ts';
import { traceDataFromBatch } from '../otlp/trace-data-from-batch.ts';
import { parseZipkinJson } from '../zipkin/parse-zipkin-json.ts';
import { writeZipkinJson } from '../zipkin/write-zipkin-json.ts';
import { plainText, plainValue } from './plain-text.ts';
import { readTraceFile } from './read-trace-file.ts';
import { spansInContext } from './span-in-context.ts';

const SEEDS = Array.from({ length: 20 }, (_, i) => 7_000 + i);

function oneTrace(seed: number): TraceData {
  return generateRealisticTraces({ seed, traces: 1, maxSpansPerTrace: 40 });
}

function text(value: string): AttributeValue {
  return { type: 'string', value };
}

const micros = (nanos: bigint): bigint => (nanos / 1000n) * 1000n;

/** Lists and maps are JSON text in Jaeger; all other types it has itself. */
function jaegerValue(value: AttributeValue): AttributeValue {
  return value.type === 'array' || value.type === 'kvlist' ? text(plainText(value)) : value;
}

interface Flat {
  readonly span: Span;
  readonly scope: string;
  readonly resource: readonly Attribute[];
}

function byId(a: Flat, b: Flat): number {
  return a.span.spanId < b.span.spanId ? -1 : 1;
}

function flat(
  data: TraceData,
  spanOf: (span: Span, scope: InstrumentationScope, resource: Resource) => Span,
  resourceOf: (resource: Resource) => readonly Attribute[],
): Flat[] {
  return [...spansInContext(data)]
    .map(({ span, scope, resource }) => ({
      span: spanOf(span, scope, resource),
      scope: `${scope.name} ${scope.version}`,
      resource: resourceOf(resource),
    }))
    .sort(byId);
}

/** What Jaeger can say of a span. */
function asInJaeger(span: Span): Span {
  return {
    ...span,
    flags: span.flags & 0xff,
    startTimeUnixNano: micros(span.startTimeUnixNano),
    endTimeUnixNano: micros(span.startTimeUnixNano) + micros(span.endTimeUnixNano - span.startTimeUnixNano),
    attributes: span.attributes.map(({ key, value }) => ({ key, value: jaegerValue(value) })),
    droppedAttributesCount: 0,
    events: span.events.map((event) => ({
      ...event,
      timeUnixNano: micros(event.timeUnixNano),
      attributes: event.attributes.map(({ key, value }) => ({ key, value: jaegerValue(value) })),
      droppedAttributesCount: 0,
    })),
    droppedEventsCount: 0,
    links: span.links.map((link) => ({ ...link, traceState: '', attributes: [], droppedAttributesCount: 0, flags: 0 })),
    droppedLinksCount: 0,
  };
}

/** What Zipkin can say: text only, and no place for the resource but the tags. */
function asInZipkin(span: Span, _: InstrumentationScope, resource: Resource): Span {
  const jaeger = asInJaeger(span);
  const tags = [...resource.attributes.filter(({ key }) => key !== 'service.name'), ...span.attributes];
  return {
    ...jaeger,
    flags: 0,
    attributes: tags.map(({ key, value }) => ({ key, value: text(plainText(value)) })),
    events: span.events.map((event) => ({
      ...event,
      timeUnixNano: micros(event.timeUnixNano),
      attributes: event.attributes.map(({ key, value }) => ({ key, value: jsonValue(plainValue(value)) })),
      droppedAttributesCount: 0,
    })),
    links: span.links.map((link) => ({ ...link, flags: 0 })),
    status: span.status.code === 2 ? span.status : { ...span.status, message: '' },
  };
}

function jsonValue(value: unknown): AttributeValue {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'boolean') return { type: 'bool', value };
  if (Array.isArray(value)) return { type: 'array', value: value.map(jsonValue) };
  const number = Number(value);
  return Number.isSafeInteger(number) ? { type: 'int', value: BigInt(number) } : { type: 'double', value: number };
}

const same = (span: Span): Span => span;
const allOf = (resource: Resource): readonly Attribute[] => resource.attributes;

describe('a trace written in another form and read back', () => {
  it('is in Jaeger JSON what Jaeger can say of it', () => {
    for (const seed of SEEDS) {
      const data = oneTrace(seed);
      const written = [...writeJaegerJson(spansInContext(data))].join('');
      const back = parseJaegerJson(JSON.parse(written));
      const wanted = flat(data, asInJaeger, ({ attributes }) =>
        [
          ...attributes.filter(({ key }) => key === 'service.name'),
          ...attributes.filter(({ key }) => key !== 'service.name'),
        ].map(({ key, value }) => ({ key, value: jaegerValue(value) })),
      );
      expect(flat(back, same, allOf), `seed ${seed}`).toEqual(wanted);
    }
  });

  it('is in Zipkin JSON what Zipkin can say of it', () => {
    for (const seed of SEEDS) {
      const data = oneTrace(seed);
      const written = [...writeZipkinJson(spansInContext(data))].join('');
      const back = parseZipkinJson(JSON.parse(written));
      const wanted = flat(data, asInZipkin, ({ attributes }) => attributes.filter(({ key }) => key === 'service.name'));
      expect(flat(back, same, allOf), `seed ${seed}`).toEqual(wanted);
    }
  });

  it('is recognised in each form by its content', () => {
    const data = oneTrace(1);
    const encoder = new TextEncoder();
    const otlp = writeOtlpJson(data);
    const line = new TextDecoder().decode(otlp);
    const files = {
      'otlp-json': otlp,
      'otlp-json-lines': encoder.encode(`${line}\n{}\n${line}\r\n`),
      'otlp-protobuf': encodeOtlpProtobuf(data),
      jaeger: encoder.encode([...writeJaegerJson(spansInContext(data))].join('')),
      zipkin: encoder.encode([...writeZipkinJson(spansInContext(data))].join('')),
    };
    const count = [...spansInContext(data)].length;
    for (const [format, bytes] of Object.entries(files)) {
      const read = readTraceFile(bytes);
      expect(read.format).toBe(format);
      expect(read.batch.spanCount).toBe(format === 'otlp-json-lines' ? count * 2 : count);
      const ids = new Set([...spansInContext(traceDataFromBatch(read.batch))].map(({ span }) => span.spanId));
      expect(ids).toEqual(new Set([...spansInContext(data)].map(({ span }) => span.spanId)));
    }
  });
});
