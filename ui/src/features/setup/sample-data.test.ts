import { findAttribute, serviceName } from '@clew/model';
import { parseOtlpJson } from '@clew/wire/otlp/parse-json';
import { describe, expect, it } from 'vitest';
import { buildSampleData, SAMPLE_TRACES } from './sample-data.ts';

const NOW = Date.UTC(2026, 10, 20, 12);

/** Always the same: mulberry32. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

describe('sample data', () => {
  const { body, spanCount } = buildSampleData(NOW, seeded(1));
  const data = parseOtlpJson(body);
  const spans = data.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));

  it('is what the receiver reads, with every parent there, within the last quarter of an hour', () => {
    expect(spans).toHaveLength(spanCount);
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(SAMPLE_TRACES);
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    expect(byId.size).toBe(spanCount);
    for (const span of spans) {
      const parent = byId.get(span.parentSpanId);
      if (parent === undefined) expect(span.parentSpanId).toBe('');
      else expect([parent.traceId, parent.startTimeUnixNano <= span.startTimeUnixNano]).toEqual([span.traceId, true]);
      expect(span.endTimeUnixNano > span.startTimeUnixNano).toBe(true);
      expect(Number(span.startTimeUnixNano / 1_000_000n)).toBeGreaterThan(NOW - 20 * 60_000);
      expect(Number(span.endTimeUnixNano / 1_000_000n)).toBeLessThan(NOW);
    }
  });

  it('has what there is to find: failing payments and a query for each product', () => {
    const failed = spans.filter(({ name, status }) => name === 'charge card' && status.code === 2);
    expect(failed.length).toBeGreaterThan(2);
    expect(failed.every(({ events }) => events[0]?.name === 'exception')).toBe(true);
    const queries = spans.filter(({ name }) => name === 'SELECT products');
    expect(queries.length).toBeGreaterThan(SAMPLE_TRACES * 10);
    expect(findAttribute(queries[0]?.attributes ?? [], 'db.system.name')).toEqual({
      type: 'string',
      value: 'postgresql',
    });
    expect(
      data.resourceSpans.map(({ resource }) => serviceName(resource)).every((name) => name.startsWith('sample-')),
    ).toBe(true);
  });

  it('has ids of its own each time', () => {
    const other = parseOtlpJson(buildSampleData(NOW, seeded(2)).body).resourceSpans[0]?.scopeSpans[0]?.spans[0];
    expect(spans.some(({ traceId }) => traceId === other?.traceId)).toBe(false);
  });
});
