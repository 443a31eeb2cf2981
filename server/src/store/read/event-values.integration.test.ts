import type { Attribute, SpanId, TraceData, TraceId } from '@clew/model';
import { type FieldExpression, parseFilterSyntax } from '@clew/traceql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClickHouseSpanStore } from '../reader.ts';
import type { TimeRange } from '../span-store.ts';
import { startTestStore, type TestStore } from './proof/test-store.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 12);
const NOW = BigInt(NOW_MS) * 1_000_000n;
const HOUR: TimeRange = { fromUnixNano: NOW - 3_600_000_000_000n, toUnixNano: NOW + 1n };
const TRACE = 'f'.repeat(32) as TraceId;

const EVENT_ATTRIBUTES: readonly Attribute[] = [
  { key: 'text', value: { type: 'string', value: 'Boom' } },
  { key: 'number', value: { type: 'int', value: -(2n ** 63n) } },
  { key: 'share', value: { type: 'double', value: 0.25 } },
  { key: 'fatal', value: { type: 'bool', value: false } },
  { key: 'list', value: { type: 'array', value: [{ type: 'string', value: 'a' }] } },
];

function data(): TraceData {
  const event = (name: string, attributes: readonly Attribute[]) => ({
    ...{ timeUnixNano: NOW, name, attributes, droppedAttributesCount: 0 },
  });
  const span = {
    ...{ traceId: TRACE, spanId: '0000000000000001' as SpanId, parentSpanId: '' as SpanId, traceState: '', flags: 0 },
    ...{ name: 'work', kind: 2, startTimeUnixNano: NOW - 5n, endTimeUnixNano: NOW, attributes: [] },
    ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0, status: { code: 0, message: '' } },
    events: [
      event('exception', EVENT_ATTRIBUTES),
      event('exception', EVENT_ATTRIBUTES.slice(0, 1)),
      event('retry', []),
    ],
    links: [
      {
        ...{
          traceId: TRACE,
          spanId: '0000000000000002' as SpanId,
          traceState: '',
          flags: 0,
          droppedAttributesCount: 0,
        },
        attributes: [{ key: 'reason', value: { type: 'string', value: 'batch' } } as const],
      },
    ],
  };
  const scope = {
    ...{ name: 'library', version: '1.2', droppedAttributesCount: 0 },
    attributes: [{ key: 'edition', value: { type: 'int', value: 7n } } as const],
  };
  const resource = { attributes: [], droppedAttributesCount: 0 };
  return { resourceSpans: [{ resource, schemaUrl: '', scopeSpans: [{ scope, spans: [span], schemaUrl: '' }] }] };
}

let engine: TestStore;
let store: ClickHouseSpanStore;
beforeAll(async () => {
  engine = await startTestStore();
  store = new ClickHouseSpanStore(engine);
  await engine.insert(data(), 'shop', NOW_MS);
});
afterAll(() => engine.close());

function fieldOf(name: string): FieldExpression {
  const { expression } = parseFilterSyntax(`{ ${name} != nil }`);
  return expression.kind === 'comparison' ? expression.left : expression;
}

async function valuesOf(name: string, filter = '{ }', prefix = ''): Promise<readonly unknown[]> {
  const { expression } = parseFilterSyntax(filter);
  return (await store.attributeValues('shop', fieldOf(name), expression, HOUR, prefix, 10)).value;
}

describe('values of events, links and instrumentation scopes', () => {
  it.each([
    ['event.text', [{ type: 'string', value: 'Boom', count: 2 }]],
    ['event.number', [{ type: 'int', value: '-9223372036854775808', count: 1 }]],
    ['event.share', [{ type: 'double', value: '0.25', count: 1 }]],
    ['event.fatal', [{ type: 'bool', value: 'false', count: 1 }]],
    ['event.list', []],
    ['event.none', []],
    [
      'event:name',
      [
        { type: 'string', value: 'exception', count: 2 },
        { type: 'string', value: 'retry', count: 1 },
      ],
    ],
    ['link.reason', [{ type: 'string', value: 'batch', count: 1 }]],
    ['instrumentation.edition', [{ type: 'int', value: '7', count: 1 }]],
    ['instrumentation:name', [{ type: 'string', value: 'library', count: 1 }]],
    ['instrumentation:version', [{ type: 'string', value: '1.2', count: 1 }]],
    ['event:timeSinceStart', []],
    ['link:traceID', []],
    ['nestedSetLeft', []],
    ['span:childCount', []],
  ])('%s', async (name, expected) => {
    expect(await valuesOf(name)).toEqual(expected);
  });

  it('follow the filter and the prefix, in any case', async () => {
    expect(await valuesOf('event.text', '{ name = "other" }')).toEqual([]);
    expect(await valuesOf('event.text', '{ }', 'bO')).toHaveLength(1);
    expect(await valuesOf('event.text', '{ }', 'x')).toEqual([]);
    expect(await valuesOf('instrumentation:name', '{ }', 'LIB')).toHaveLength(1);
  });
});
