/**
 * OTLP texts must be UTF-8, and checking every one of them would cost each sender for the mistake of a few: they are
 * stored as they came, and read as U+FFFD where they are no UTF-8. Nothing on the way may stumble over them.
 */
import type { Attribute, SpanId, TraceData, TraceId } from '@clew/model';
import { otlpMessage } from '@clew/testkit/otlp-protobuf-messages';
import { parseFilterSyntax } from '@clew/traceql';
import { decodeTraceColumns } from '@clew/wire/columns/decode-trace-columns';
import { encodeTraceColumns } from '@clew/wire/columns/encode-trace-columns';
import { writeOtlpJson } from '@clew/wire/otlp/encode-json';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchTraces } from '../../query/search.ts';
import { ClickHouseSpanStore } from '../reader.ts';
import { startTestStore, type TestStore } from './proof/test-store.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 12);
const NOW = BigInt(NOW_MS) * 1_000_000n;
const RANGE = { fromUnixNano: NOW - 86_400_000_000_000n, toUnixNano: NOW + 1_000_000_000n };
const TENANT = 'acme';
const TRACE_ID = '5b8efff798038103d269b633813fc60c' as TraceId;
const SPAN_ID = 'eee19b7ec3c1b174' as SpanId;
/** Replaced in the encoded request by a character cut short and a plain one. */
const MARK = '§';
const INVALID = Buffer.from([0xc3, 0x21]);
/** What readers see of it. */
const SHOWN = '\ufffd!';

let engine: TestStore;
let store: ClickHouseSpanStore;
const ASKED = { tenant: TENANT, range: RANGE, limit: 10, spansPerTrace: 3 };
const filter = (text: string) => parseFilterSyntax(text).expression;
const text = (key: string, value: string): Attribute => ({ key, value: { type: 'string', value } });

/** Every text of a span. */
function traceWith(mark: string): TraceData {
  const nested: Attribute = {
    key: `array${mark}`,
    value: {
      type: 'array',
      value: [
        { type: 'string', value: mark },
        { type: 'kvlist', value: [text(mark, mark)] },
      ],
    },
  };
  // Attributes with a column of their own are read first.
  const attributes = [text('http.route', `/cart${mark}`), text(`key${mark}`, `value${mark}`), nested];
  const shared = { attributes, droppedAttributesCount: 0 };
  return {
    resourceSpans: [
      {
        resource: { ...shared, attributes: [text('service.name', `cart${mark}`), ...attributes] },
        scopeSpans: [
          {
            scope: { ...shared, name: `scope${mark}`, version: mark },
            spans: [
              {
                ...shared,
                traceId: TRACE_ID,
                spanId: SPAN_ID,
                parentSpanId: '' as SpanId,
                traceState: `a=${mark}`,
                flags: 1,
                name: `name${mark}`,
                kind: 2,
                startTimeUnixNano: NOW - 2_000_000_000n,
                endTimeUnixNano: NOW - 1_000_000_000n,
                events: [{ ...shared, timeUnixNano: NOW, name: `event${mark}` }],
                droppedEventsCount: 0,
                links: [{ ...shared, traceId: TRACE_ID, spanId: SPAN_ID, traceState: mark, flags: 0 }],
                droppedLinksCount: 0,
                status: { code: 2, message: `status${mark}` },
              },
            ],
            schemaUrl: mark,
          },
        ],
        schemaUrl: mark,
      },
    ],
  };
}

function withInvalidText(): Uint8Array {
  const body = Buffer.from(encodeOtlpProtobuf(traceWith(MARK)));
  const mark = Buffer.from(MARK);
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at)) INVALID.copy(body, at);
  return body;
}

beforeAll(async () => {
  engine = await startTestStore();
  store = new ClickHouseSpanStore(engine);
  await engine.insertBody(withInvalidText(), TENANT, NOW_MS);
});
afterAll(() => engine.close());

describe('a span whose texts are not UTF-8', () => {
  it('reads back whole, with U+FFFD in their place, in every form of an answer', async () => {
    const trace = await store.loadTrace(TENANT, TRACE_ID);
    if (trace === undefined) expect.fail('the trace is not there');
    expect(trace).toEqual(traceWith(SHOWN));
    const json = new TextDecoder('utf-8', { fatal: true }).decode(writeOtlpJson(trace));
    expect(JSON.parse(json)).toMatchObject({
      resourceSpans: [{ scopeSpans: [{ spans: [{ name: `name${SHOWN}` }] }] }],
    });
    // protobufjs refuses what is not UTF-8.
    otlpMessage('ExportTraceServiceRequest').decode(encodeOtlpProtobuf(trace));
    const columns = await store.loadTraceColumns(TENANT, TRACE_ID);
    if (columns === undefined) expect.fail('the columns are not there');
    expect(decodeTraceColumns(encodeTraceColumns(columns).buffer)).toMatchObject({
      names: expect.arrayContaining([`name${SHOWN}`]),
      services: expect.arrayContaining([`cart${SHOWN}`]),
    });
  });

  it.each([
    ['{ }', 1],
    ['{ status = error }', 1],
    ['{ name =~ "name.*" }', undefined],
    ['{ name !~ "x" }', 1],
    ['{ resource.service.name =~ "cart.*" }', undefined],
    ['{ span.http.route != "/" }', 1],
    ['{ .missing = nil && name != "x" }', 1],
    [`{ name = "name${SHOWN}" }`, 0],
    [`{ span."key${SHOWN}" = "x" }`, 0],
  ])('is searched by %s without a fault', async (query, count) => {
    const { traces } = await searchTraces(store, { ...ASKED, text: query });
    if (count !== undefined) expect(traces.length).toBe(count);
  });

  it('shows in lists of traces, services, operations, keys and values', async () => {
    const { traces } = await searchTraces(store, { ...ASKED, text: '{ }' });
    const span = { service: `cart${SHOWN}`, name: `name${SHOWN}` };
    expect(traces).toMatchObject([{ rootService: span.service, rootName: span.name, matched: [span] }]);
    const services = await store.services(TENANT, RANGE);
    expect(services.map(({ name }) => name)).toEqual([`cart${SHOWN}`]);
    // By what is shown the service cannot be asked for: other bytes, other service.
    expect(await store.operations(TENANT, services[0].name, RANGE)).toEqual([]);
    const keys = await store.attributeKeys(TENANT, RANGE, '', 100);
    expect(keys.map(({ key }) => key)).toContain(`key${SHOWN}`);
    const route = parseFilterSyntax('{ span.http.route != nil }').expression;
    if (route.kind !== 'comparison') expect.fail('not a comparison');
    for (const prefix of ['', '/cart']) {
      const { value } = await store.attributeValues(TENANT, route.left, filter('{ }'), RANGE, prefix, 10);
      expect(value).toEqual([{ type: 'string', value: `/cart${SHOWN}`, count: 1 }]);
    }
  });
});
