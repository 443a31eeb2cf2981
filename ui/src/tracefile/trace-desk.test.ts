import { NO_PARENT, type Span, spanIdAt, type TraceData, type TraceId } from '@clew/model';
import { generateRealisticTraces } from '@clew/testkit/generate-realistic-traces';
import { spansInContext } from '@clew/wire/file/span-in-context';
import { spanToOtlpJson, writeOtlpJson } from '@clew/wire/otlp/encode-json';
import { describe, expect, it } from 'vitest';
import { TraceDesk } from './trace-desk.ts';

const SEED = 41;
const data = generateRealisticTraces({ seed: SEED, traces: 5, maxSpansPerTrace: 60 });
const all = [...spansInContext(data)].map(({ span }) => span);

function fileOf(trace: TraceData, name = 'traces.json'): File {
  return new File([writeOtlpJson(trace)], name);
}

async function openDesk(): Promise<TraceDesk> {
  const desk = new TraceDesk();
  await desk.openFiles([fileOf(data)]);
  return desk;
}

function spansOf(traceId: string): Span[] {
  return all.filter((span) => span.traceId === traceId);
}

describe(`a file of traces (seed ${SEED})`, () => {
  it('is told by trace, the largest first', async () => {
    const summary = await new TraceDesk().openFiles([fileOf(data)]);
    expect(summary.spanCount).toBe(all.length);
    expect(summary.traces.map(({ spanCount }) => spanCount)).toEqual(
      summary.traces.map(({ traceId }) => spansOf(traceId).length).sort((a, b) => b - a),
    );
    for (const trace of summary.traces) {
      const spans = spansOf(trace.traceId);
      expect(trace.rootName).toBe(spans.find(({ parentSpanId }) => parentSpanId === '')?.name);
      expect(trace.errorCount).toBe(spans.filter(({ status }) => status.code === 2).length);
    }
  });

  it('becomes columns in which every span stands below its parent at its time', async () => {
    const desk = await openDesk();
    for (const traceId of new Set(all.map((span) => span.traceId))) {
      const columns = desk.columns(traceId);
      const spans = new Map(spansOf(traceId).map((span) => [span.spanId, span]));
      expect(columns.spanCount).toBe(spans.size);
      for (let row = 0; row < columns.spanCount; row++) {
        const span = spans.get(spanIdAt(columns, row));
        const parent = columns.parent[row];
        expect(span?.name).toBe(columns.names[columns.name[row]]);
        expect(span?.parentSpanId).toBe(parent === NO_PARENT ? '' : spanIdAt(columns, parent));
        expect(span?.startTimeUnixNano).toBe(columns.startTimeUnixNano + BigInt(columns.start[row]));
        expect(Number((span?.endTimeUnixNano ?? 0n) - (span?.startTimeUnixNano ?? 0n))).toBe(columns.duration[row]);
        expect(span?.events.length).toBe(columns.eventCount[row]);
      }
    }
  });

  it('answers a span as the server does', async () => {
    const desk = await openDesk();
    for (const { span, resource } of [...spansInContext(data)].slice(0, 20)) {
      const answer = desk.span(span.traceId, span.spanId);
      expect(answer?.span).toEqual(spanToOtlpJson(span));
      expect(answer?.resource.attributes.length).toBe(resource.attributes.length);
    }
    expect(desk.span(all[0].traceId, 'ffffffffffffffff')).toBeUndefined();
  });

  it('lists events by time with the rows of their spans, and finds them by what they say', async () => {
    const desk = await openDesk();
    const traceId = all.find((span) => span.events.length > 0)?.traceId ?? ('' as TraceId);
    const columns = desk.columns(traceId);
    const events = spansOf(traceId).flatMap((span) => span.events);
    const listed = desk.events(traceId, columns.spanId, columns.startTimeUnixNano, '');
    expect(listed.totalCount).toBe(events.length);
    expect([...listed.time]).toEqual([...listed.time].sort((a, b) => a - b));
    expect([...listed.name].sort()).toEqual(events.map(({ name }) => name).sort());
    listed.row.forEach((row, at) => {
      const span = spansOf(traceId).find(({ spanId }) => spanId === spanIdAt(columns, row));
      expect(span?.events.map(({ name }) => name)).toContain(listed.name[at]);
    });
    const wanted = events[0].name.toUpperCase();
    const found = desk.events(traceId, columns.spanId, columns.startTimeUnixNano, wanted);
    expect(found.matchedCount).toBeGreaterThanOrEqual(events.filter(({ name }) => name === events[0].name).length);
    expect(desk.events(traceId, columns.spanId, 0n, 'no event says this').matchedCount).toBe(0);
  });

  it('finds who links to a span', async () => {
    const linked = all.find((span) => span.links.length > 0);
    const target = linked?.links[0];
    const desk = await openDesk();
    const found = desk.linkingSpans(target?.traceId ?? '', target?.spanId ?? '');
    expect(found.map(({ spanId }) => spanId)).toContain(linked?.spanId);
  });

  it.each(['otlp', 'jaeger', 'zipkin'] as const)(
    'exports a trace as %s that opens again as the same tree',
    async (format) => {
      const desk = await openDesk();
      const { traceId } = all[0];
      const again = new TraceDesk();
      const summary = await again.openFiles([new File([desk.exportTrace(traceId, format)], 'again.json')]);
      expect(summary.traces.map((trace) => trace.traceId)).toEqual([traceId]);
      const { parent, names, name, kind, statusCode } = again.columns(traceId);
      const before = desk.columns(traceId);
      const tree = (columns: Pick<typeof before, 'parent' | 'names' | 'name' | 'kind' | 'statusCode'>) => ({
        parent: [...columns.parent],
        names: [...columns.name].map((index) => columns.names[index]),
        kind: [...columns.kind],
        statusCode: [...columns.statusCode],
      });
      expect(tree({ parent, names, name, kind, statusCode })).toEqual(tree(before));
    },
  );

  it('may be packed with gzip, and says where packing breaks off', async () => {
    const stream = fileOf(data).stream().pipeThrough(new CompressionStream('gzip'));
    const packed = await new Response(stream).blob();
    expect((await new TraceDesk().openFiles([new File([packed], 'a.gz')])).spanCount).toBe(all.length);
    const { files, failed } = await new TraceDesk().openFiles([new File([packed.slice(0, 500)], 'cut.gz')]);
    expect(files).toEqual([]);
    expect(failed).toMatchObject([{ name: 'cut.gz', failure: { message: expect.stringMatching(/gzip breaks off/) } }]);
  });

  it('leaves out spans without an id, and counts them', async () => {
    const text = JSON.stringify({
      resourceSpans: [
        { scopeSpans: [{ spans: [{ name: 'a' }, { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'b' }] }] },
      ],
    });
    const summary = await new TraceDesk().openFiles([new File([text], 'a.json')]);
    expect(summary).toMatchObject({ invalidSpanCount: 1, traces: [{ spanCount: 1, rootName: 'b' }] });
  });

  it('is searched with TraceQL and tells one attribute of every span, as the server does', async () => {
    const desk = await openDesk();
    const { traceId } = all[0];
    const found = desk.match(traceId, '{ kind = client }');
    expect(found.count).toBe(spansOf(traceId).filter(({ kind }) => kind === 3).length);
    expect(() => desk.match(traceId, '{ kind = ')).toThrow();
    expect(() => desk.match(traceId, '{ } | rate()')).toThrow(/metrics/);
    const values = desk.values(traceId, 'name');
    expect(values.count).toBe(spansOf(traceId).length);
    expect(new Set(values.values)).toEqual(new Set(spansOf(traceId).map(({ name }) => name)));
    expect(desk.values(traceId, 'span.nobody has this').count).toBe(0);
    expect(() => desk.values(traceId, 'no field')).toThrow(/not an attribute/);
  });
});
