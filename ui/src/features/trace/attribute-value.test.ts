import { parseQuery } from '@clew/traceql';
import { describe, expect, it } from 'vitest';
import { queryForAttribute, valueText } from './attribute-value.ts';

describe('an attribute', () => {
  it('is shown as people read it', () => {
    expect(valueText({ stringValue: 'a "b"' })).toBe('a "b"');
    expect(valueText({ intValue: '9007199254740993' })).toBe('9007199254740993');
    expect(valueText({ boolValue: false })).toBe('false');
    expect(valueText({ arrayValue: { values: [{ intValue: '1' }, { stringValue: 'x' }] } })).toBe('[ 1, "x" ]');
    expect(valueText({ kvlistValue: { values: [{ key: 'k', value: { doubleValue: 1.5 } }] } })).toBe('{ "k": 1.5 }');
    expect(valueText({})).toBe('');
  });

  it.each([[{ stringValue: 'say "hi"\n' }], [{ intValue: '-5' }], [{ doubleValue: 2 }], [{ boolValue: true }]])(
    'of value %j becomes a query TraceQL reads',
    (value) => {
      const query = queryForAttribute('span', { key: 'odd key', value });
      expect(() => parseQuery(query ?? '')).not.toThrow();
    },
  );

  it('without a literal in TraceQL offers no query', () => {
    expect(queryForAttribute('span', { key: 'a', value: { doubleValue: 'NaN' } })).toBeUndefined();
    expect(queryForAttribute('span', { key: 'a', value: { arrayValue: { values: [] } } })).toBeUndefined();
  });
});
