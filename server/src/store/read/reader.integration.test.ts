import {
  type Attribute,
  type ResourceSpans,
  type Span,
  type SpanId,
  spanIdAt,
  type TraceData,
  type TraceId,
} from '@clew/model';
import { generateTraceData } from '@clew/testkit/generate-trace-data';
import { Random } from '@clew/testkit/random';
import { parseFilterSyntax, printExpression } from '@clew/traceql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchTraces } from '../../query/search.ts';
import { ClickHouseSpanStore } from '../reader.ts';
import type { TimeRange } from '../span-store.ts';
import { startTestStore, type TestStore } from './proof/test-store.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Date.now() % 1_000_000_000);
const NOW_MS = Date.UTC(2026, 10, 20, 12);
const NOW = BigInt(NOW_MS) * 1_000_000n;
const SECOND = 1_000_000_000n;
const DAY: TimeRange = { fromUnixNano: NOW - 86_400n * SECOND, toUnixNano: NOW + SECOND };
const EVERYTHING: TimeRange = { fromUnixNano: 0n, toUnixNano: 2n ** 64n - 1n };

let engine: TestStore;
let store: ClickHouseSpanStore;
const filter = (text: string) => parseFilterSyntax(text).expression;

interface SketchedSpan {
  readonly id: number;
  readonly parent?: number;
  readonly startNano: bigint;
  readonly durationNano?: bigint;
  readonly name?: string;
  readonly status?: number;
  readonly attributes?: readonly Attribute[];
}

const traceIdOf = (number: number): TraceId => number.toString(16).padStart(32, 'f') as TraceId;
const spanIdOf = (number: number): SpanId => number.toString(16).padStart(16, '0') as SpanId;
const text = (key: string, value: string): Attribute => ({ key, value: { type: 'string', value } });

function spanOf(traceId: TraceId, sketch: SketchedSpan): Span {
  return {
    traceId,
    spanId: spanIdOf(sketch.id),
    parentSpanId: sketch.parent === undefined ? ('' as SpanId) : spanIdOf(sketch.parent),
    traceState: '',
    flags: 1,
    name: sketch.name ?? 'work',
    kind: 2,
    startTimeUnixNano: sketch.startNano,
    endTimeUnixNano: sketch.startNano + (sketch.durationNano ?? SECOND),
    attributes: sketch.attributes ?? [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: sketch.status ?? 0, message: '' },
  };
}

function resourceSpans(service: string, traceId: TraceId, spans: readonly SketchedSpan[]): ResourceSpans {
  return {
    resource: { attributes: [text('service.name', service), text('region', 'eu')], droppedAttributesCount: 0 },
    scopeSpans: [
      {
        scope: { name: 'lib', version: '1', attributes: [], droppedAttributesCount: 0 },
        spans: spans.map((sketch) => spanOf(traceId, sketch)),
        schemaUrl: '',
      },
    ],
    schemaUrl: '',
  };
}

beforeAll(async () => {
  engine = await startTestStore();
  store = new ClickHouseSpanStore(engine);
});
afterAll(() => engine.close());

describe(`a trace read by id (seed ${SEED})`, () => {
  /** Spans by id with everything, attributes in an order that storing keeps. */
  function comparable(data: TraceData): unknown[] {
    return data.resourceSpans
      .flatMap(({ resource, schemaUrl, scopeSpans }) =>
        scopeSpans.flatMap((scope) =>
          scope.spans.map((span) => ({
            resource: sorted(resource),
            schemaUrl,
            scope: sorted(scope.scope),
            scopeSchemaUrl: scope.schemaUrl,
            span: { ...sorted(span), events: span.events.map(sorted), links: span.links.map(sorted) },
          })),
        ),
      )
      .sort((a, b) => (a.span.spanId < b.span.spanId ? -1 : 1));
  }

  function sorted<T extends { readonly attributes: readonly Attribute[] }>(value: T): T {
    return { ...value, attributes: value.attributes.toSorted((a, b) => (a.key < b.key ? -1 : 1)) };
  }

  /** All spans of random data in one trace, ids counted up. */
  function oneTrace(data: TraceData, traceId: TraceId): TraceData {
    let id = 0;
    return {
      resourceSpans: data.resourceSpans.map((resource) => ({
        ...resource,
        scopeSpans: resource.scopeSpans.map((scope) => ({
          ...scope,
          spans: scope.spans.map((span) => ({ ...span, traceId, spanId: spanIdOf(++id) })),
        })),
      })),
    };
  }

  it('comes back exactly: every 64-bit number, text, type, event, link, resource and scope', async () => {
    for (let i = 0; i < 25; i++) {
      const traceId = traceIdOf(1000 + i);
      const data = oneTrace(generateTraceData({ seed: SEED + i, maxSpansPerScope: 10 }), traceId);
      await engine.insert(data, 'exact', NOW_MS);
      const expected = comparable(data);
      const read = await store.loadTrace('exact', traceId);
      if (expected.length === 0) expect(read).toBeUndefined();
      else expect(comparable(read ?? { resourceSpans: [] }), `seed ${SEED + i}`).toEqual(expected);
      const columns = await store.loadTraceColumns('exact', traceId);
      expect(columns?.spanCount ?? 0).toBe(expected.length);
    }
  });

  it('is undefined for an unknown id and for another tenant', async () => {
    await engine.insert(
      { resourceSpans: [resourceSpans('a', traceIdOf(1), [{ id: 1, startNano: NOW }])] },
      't1',
      NOW_MS,
    );
    expect(await store.loadTrace('t1', traceIdOf(1))).toBeDefined();
    for (const [tenant, id] of [
      ['t1', 2],
      ['t2', 1],
    ] as const) {
      expect(await store.loadTrace(tenant, traceIdOf(id))).toBeUndefined();
      expect(await store.loadTraceColumns(tenant, traceIdOf(id))).toBeUndefined();
      expect(await store.loadSpans(tenant, traceIdOf(id), [spanIdOf(1)])).toBeUndefined();
    }
  });

  it('gives single spans with their resource, all of those that share an id', async () => {
    const traceId = traceIdOf(3);
    const data = {
      resourceSpans: [
        resourceSpans('web', traceId, [
          { id: 1, startNano: NOW },
          { id: 2, startNano: NOW + 1n },
        ]),
        resourceSpans('cart', traceId, [{ id: 2, startNano: NOW + 2n }]),
      ],
    };
    await engine.insert(data, 't1', NOW_MS);
    const read = await store.loadSpans('t1', traceId, [spanIdOf(2), spanIdOf(77)]);
    expect(comparable(read ?? { resourceSpans: [] })).toHaveLength(2);
    expect(read?.resourceSpans.map(({ resource }) => resource.attributes[0]?.value)).toEqual([
      { type: 'string', value: 'web' },
      { type: 'string', value: 'cart' },
    ]);
  });

  it('says how many spans it left out, keeping the earliest', async () => {
    const traceId = traceIdOf(4);
    const spans = Array.from({ length: 10 }, (_, i) => ({ id: i + 1, startNano: NOW + BigInt(i) }));
    await engine.insert({ resourceSpans: [resourceSpans('a', traceId, spans)] }, 't1', NOW_MS);
    const limited = new ClickHouseSpanStore(engine, { maxTraceSpans: 4, maxTraceObjects: 9 });
    const columns = await limited.loadTraceColumns('t1', traceId);
    expect(columns?.spanCount).toBe(4);
    expect(columns?.omittedSpanCount).toBe(6);
    expect(columns === undefined ? [] : [0, 1, 2, 3].map((row) => spanIdAt(columns, row))).toEqual(
      [1, 2, 3, 4].map(spanIdOf),
    );
    await expect(limited.loadTrace('t1', traceId)).rejects.toMatchObject({ code: 'STORE_TRACE_TOO_LARGE' });
  });

  it('comes as columns in tree order over several blocks', async () => {
    const traceId = traceIdOf(5);
    const random = new Random(SEED);
    const spans = Array.from({ length: 5_000 }, (_, i) => ({
      id: i + 1,
      ...(i === 0 ? {} : { parent: 1 + random.below(i) }),
      startNano: NOW + BigInt(i) * 1000n,
      name: `op ${i % 37}`,
    }));
    const half = { resourceSpans: [resourceSpans('web', traceId, spans.slice(0, 2_500))] };
    const rest = { resourceSpans: [resourceSpans('cart', traceId, spans.slice(2_500))] };
    await engine.insert(rest, 't1', NOW_MS);
    await engine.insert(half, 't1', NOW_MS);
    const columns = await store.loadTraceColumns('t1', traceId);
    expect(columns).toBeDefined();
    if (columns === undefined) return;
    expect(columns.spanCount).toBe(5_000);
    expect(columns.startTimeUnixNano).toBe(NOW);
    for (let row = 0; row < columns.spanCount; row++) {
      const id = Number.parseInt(spanIdAt(columns, row), 16);
      const sketch = spans[id - 1];
      expect(columns.names[columns.name[row]]).toBe(sketch.name);
      expect(columns.services[columns.service[row]]).toBe(id <= 2_500 ? 'web' : 'cart');
      const parent = columns.parent[row];
      expect(parent === -1 ? undefined : Number.parseInt(spanIdAt(columns, parent), 16)).toBe(sketch.parent);
    }
  });
});

describe('traces of a page', () => {
  const traceId = traceIdOf(20);

  beforeAll(async () => {
    const web = [
      { id: 1, startNano: NOW - 9n * SECOND, durationNano: 8n * SECOND, name: 'GET /' },
      { id: 3, parent: 2, startNano: NOW - 7n * SECOND, status: 2 },
    ];
    const cart = [{ id: 2, parent: 1, startNano: NOW - 8n * SECOND, status: 2 }];
    const mail = [{ id: 9, parent: 8, startNano: NOW - 5n * SECOND }];
    await engine.insert(
      {
        resourceSpans: [
          resourceSpans('web', traceId, web),
          resourceSpans('cart', traceId, cart),
          resourceSpans('mail', traceIdOf(21), mail),
        ],
      },
      'page',
      NOW_MS,
    );
  });

  it('are summed up over all their spans', async () => {
    const summaries = await store.openSearch('page').summaries([traceId, traceIdOf(21), traceIdOf(22)]);
    expect([...summaries.values()].toSorted((a, b) => b.spanCount - a.spanCount)).toEqual([
      {
        traceId,
        rootService: 'web',
        rootName: 'GET /',
        startUnixNano: NOW - 9n * SECOND,
        durationNano: 8n * SECOND,
        spanCount: 3,
        errorCount: 2,
        services: [
          { name: 'web', spanCount: 2, errorCount: 1 },
          { name: 'cart', spanCount: 1, errorCount: 1 },
        ],
      },
      {
        traceId: traceIdOf(21),
        rootService: '',
        rootName: '',
        startUnixNano: NOW - 5n * SECOND,
        durationNano: SECOND,
        spanCount: 1,
        errorCount: 0,
        services: [{ name: 'mail', spanCount: 1, errorCount: 0 }],
      },
    ]);
    expect((await store.openSearch('page').summaries([])).size).toBe(0);
  });

  it('show their matching spans, longest first, as many as asked for', async () => {
    const ids = [traceId, traceIdOf(21)];
    const request = { filter: filter('{ }'), range: DAY, traceIds: ids, spansPerTrace: 2, shown: [] };
    const matches = await store.openSearch('page').filterMatches(request);
    const matched = matches.get(traceId)?.matched;
    expect(matched?.map(({ spanId }) => spanId)).toEqual([spanIdOf(1), spanIdOf(2)]);
    expect(matched?.[0]).toEqual({
      traceId,
      spanId: spanIdOf(1),
      service: 'web',
      name: 'GET /',
      kind: 2,
      statusCode: 0,
      startUnixNano: NOW - 9n * SECOND,
      durationNano: 8n * SECOND,
      values: [],
    });
    expect(matches.get(traceIdOf(21))?.matched).toHaveLength(1);
  });
});

describe('the catalogue', () => {
  beforeAll(async () => {
    const attributes: Attribute[] = [
      text('http.route', '/a'),
      { key: 'attempts', value: { type: 'int', value: 3n } },
      { key: 'ratio', value: { type: 'double', value: 0.5 } },
      { key: 'cached', value: { type: 'bool', value: true } },
    ];
    const many = Array.from({ length: 6 }, (_, i) => ({
      id: i + 1,
      ...(i === 0 ? {} : { parent: 1 }),
      startNano: NOW - BigInt(i) * 3_600n * SECOND,
      name: i % 2 === 0 ? 'read' : 'write',
      status: i % 3,
      attributes: i < 4 ? attributes : [text('http.route', '/b'), text('attempts', 'many'), text('region', 'us')],
    }));
    const data = {
      resourceSpans: [
        resourceSpans('cart', traceIdOf(30), many),
        resourceSpans('web', traceIdOf(31), [{ id: 50, startNano: NOW - 60n * SECOND, name: 'GET /' }]),
      ],
    };
    await engine.insert(data, 'catalogue', NOW_MS);
  });

  it('lists services and operations', async () => {
    const services = await store.services('catalogue', DAY);
    expect(services.map(({ name }) => name)).toEqual(['cart', 'web']);
    expect(services[0].lastSeenDay).toBe('2026-11-20');
    expect(await store.operations('catalogue', 'cart', DAY)).toEqual([
      { name: 'read', kind: 2 },
      { name: 'write', kind: 2 },
    ]);
    const later = { fromUnixNano: NOW + 86_400n * SECOND, toUnixNano: EVERYTHING.toUnixNano };
    expect(await store.services('catalogue', later)).toEqual([]);
    expect(await store.services('nobody', DAY)).toEqual([]);
  });

  it('lists attribute keys with scope and types', async () => {
    const keys = await store.attributeKeys('catalogue', DAY, '', 100);
    expect(keys).toContainEqual({ scope: 'span', key: 'attempts', types: [1, 3] });
    expect(keys).toContainEqual({ scope: 'resource', key: 'service.name', types: [1] });
    const http = await store.attributeKeys('catalogue', DAY, 'HTTP', 100);
    expect(http.map(({ key }) => key)).toEqual(['http.route']);
    expect(await store.attributeKeys('catalogue', DAY, '', 1)).toHaveLength(1);
  });

  const values = async (name: string, where = '{ }', prefix = '', limit = 10) => {
    const { expression } = parseFilterSyntax(`{ ${name} != nil }`);
    if (expression.kind !== 'comparison') throw new Error(name);
    const { value } = await store.attributeValues('catalogue', expression.left, filter(where), DAY, prefix, limit);
    return value.map(({ type, value, count }) => `${type} ${value} ${count}`);
  };

  it('counts values of attributes of every type', async () => {
    expect(await values('span.http.route')).toEqual(['string /a 4', 'string /b 2']);
    expect(await values('span.attempts')).toEqual(['int 3 4', 'string many 2']);
    expect(await values('span.ratio')).toEqual(['double 0.5 4']);
    expect(await values('span.cached')).toEqual(['bool true 4']);
    expect(await values('resource.service.name')).toEqual(['string cart 6', 'string web 1']);
    expect(await values('.region')).toEqual(['string eu 5', 'string us 2']);
    expect(await values('span.nothing')).toEqual([]);
  });

  it('counts values of intrinsics', async () => {
    expect(await values('status')).toEqual(['keyword unset 3', 'keyword error 2', 'keyword ok 2']);
    expect(await values('kind')).toEqual(['keyword server 7']);
    expect(await values('name')).toEqual(['string read 3', 'string write 3', 'string GET / 1']);
    expect(await values('rootServiceName')).toEqual(['string cart 1', 'string web 1']);
  });

  it('narrows values by filter, prefix and limit', async () => {
    expect(await values('name', '{ status = error }')).toEqual(['string read 1', 'string write 1']);
    expect(await values('name', '{ }', 'WR')).toEqual(['string write 3']);
    expect(await values('status', '{ }', 'e')).toEqual(['keyword error 2']);
    expect(await values('name', '{ }', '', 1)).toEqual(['string read 3']);
  });

  it('leaves out values too long for a list', async () => {
    const brief = new ClickHouseSpanStore(engine, { maxValueBytes: 1 });
    const { expression } = parseFilterSyntax('{ span.attempts != nil }');
    if (expression.kind !== 'comparison') throw new Error('no comparison');
    const { value } = await brief.attributeValues('catalogue', expression.left, filter('{ }'), DAY, '', 10);
    expect(value.map(({ type, value: shown, count }) => `${type} ${shown} ${count}`)).toEqual(['int 3 4']);
  });

  it('says when it has counted a sample only', async () => {
    const sampling = new ClickHouseSpanStore(engine, { valueSampleSpans: 2 });
    const name = parseFilterSyntax('{ name != nil }').expression;
    if (name.kind !== 'comparison') throw new Error('no comparison');
    const { value, statistics } = await sampling.attributeValues('catalogue', name.left, filter('{ }'), DAY, '', 10);
    expect(value.reduce((sum, { count }) => sum + count, 0)).toBe(2);
    expect(statistics).toMatchObject({ complete: false, incompleteReason: 'the newest 2 spans were counted' });
  });

  it('knows whether a tenant has spans', async () => {
    expect(await store.hasSpans('catalogue')).toBe(true);
    expect(await store.hasSpans('nobody')).toBe(false);
  });
});

describe('hostile input', () => {
  it('stays a value: no text of a query reaches the statement', async () => {
    const evil = "' OR 1=1 --\\' \u0000 {p0:String} ` \n";
    engine.statements.length = 0;
    const attribute = { kind: 'attribute', scope: 'any', key: evil, at: { from: 0, to: 0 } } as const;
    const literal = { kind: 'static', static: { type: 'string', value: evil }, at: { from: 0, to: 0 } } as const;
    const comparison = { kind: 'comparison', operator: '=', left: attribute, right: literal, at: literal.at } as const;
    const asked = { text: `{ ${printExpression(comparison)} }`, range: DAY, limit: 5, spansPerTrace: 3 };
    const { traces } = await searchTraces(store, { ...asked, tenant: "t' OR 1=1 --" });
    expect(traces).toEqual([]);
    expect(engine.statements.length).toBeGreaterThan(0);
    const data = {
      resourceSpans: [resourceSpans('a', traceIdOf(40), [{ id: 1, startNano: NOW, attributes: [text(evil, evil)] }])],
    };
    await engine.insert(data, 'hostile', NOW_MS);
    expect((await searchTraces(store, { ...asked, tenant: 'hostile' })).traces).toHaveLength(1);
    for (const statement of engine.statements) expect(statement).not.toContain('1=1');
  });
});
