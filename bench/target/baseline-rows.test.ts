import type { Attribute } from '@clew/model';
import { generateRealisticTraces } from '@clew/testkit/generate-realistic-traces';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { expect, test } from 'vitest';
import { addBaselineRows, type BaselineRow } from './baseline-rows.ts';

test('attributes of every type are in the row as text', () => {
  const data = generateRealisticTraces({ seed: 1, traces: 20 });
  const rows: BaselineRow[] = [];
  addBaselineRows(rows, encodeOtlpProtobuf(data));
  const spans = data.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
  expect(rows).toHaveLength(spans.length);
  const textOf = ({ value }: Attribute): string => {
    if (value.type === 'array')
      return JSON.stringify(value.value.map((one) => (one.type === 'string' ? one.value : '')));
    return value.type === 'kvlist' || value.type === 'bytes' || value.type === 'empty' ? '' : String(value.value);
  };
  const types = new Set<string>();
  for (const span of spans) {
    const row = rows.find(({ SpanId }) => SpanId === span.spanId);
    for (const { value } of span.attributes) types.add(value.type);
    expect(row?.SpanAttributes).toEqual(
      Object.fromEntries(span.attributes.map((attribute) => [attribute.key, textOf(attribute)])),
    );
  }
  expect([...types].sort()).toEqual(['array', 'bool', 'double', 'int', 'string']);
});
