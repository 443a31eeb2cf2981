import type { OtlpJsonAttribute, SpanAnswer } from '@clew/contract';
import { describe, expect, it } from 'vitest';
import { pairAttributes } from './span-pair.ts';

const answer = (attributes: readonly OtlpJsonAttribute[], version: string): SpanAnswer => ({
  resource: { attributes: [{ key: 'service.version', value: { stringValue: version } }], droppedAttributesCount: 0 },
  resourceSchemaUrl: '',
  scope: { name: 'http' },
  scopeSchemaUrl: '',
  span: {
    traceId: '1'.repeat(32),
    spanId: '2'.repeat(16),
    name: 'GET',
    kind: 2,
    startTimeUnixNano: '1',
    endTimeUnixNano: '2',
    attributes,
  },
});

describe('pairAttributes', () => {
  it('puts the attributes of both spans side by side and says what differs', () => {
    const a = answer(
      [
        { key: 'url.path', value: { stringValue: '/cart' } },
        { key: 'status', value: { intValue: '200' } },
        { key: 'old', value: { boolValue: true } },
      ],
      '1.2',
    );
    const b = answer(
      [
        { key: 'status', value: { stringValue: '200' } },
        { key: 'url.path', value: { stringValue: '/cart' } },
        { key: 'new', value: { doubleValue: 0.5 } },
      ],
      '1.3',
    );
    expect(pairAttributes(a, b)).toEqual([
      { scope: 'span', key: 'new', a: undefined, b: '0.5', mark: 'onlyB' },
      { scope: 'span', key: 'old', a: 'true', b: undefined, mark: 'onlyA' },
      { scope: 'span', key: 'status', a: '200', b: '200', mark: 'differs' },
      { scope: 'span', key: 'url.path', a: '/cart', b: '/cart', mark: 'equal' },
      { scope: 'resource', key: 'service.version', a: '1.2', b: '1.3', mark: 'differs' },
    ]);
  });

  it('takes a side that has no span', () => {
    expect(pairAttributes(undefined, answer([], '2')).map(({ mark }) => mark)).toEqual(['onlyB']);
    expect(pairAttributes(undefined, undefined)).toEqual([]);
  });
});
