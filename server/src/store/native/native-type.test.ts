import { describe, expect, it } from 'vitest';
import { NativeFormatError } from './native-format-error.ts';
import { parseNativeType } from './native-type.ts';

describe('parseNativeType', () => {
  it.each([
    ['UInt8', { form: 'number', array: 'u8' }],
    ["DateTime('Europe/Berlin')", { form: 'number', array: 'u32' }],
    ["DateTime64(9, 'UTC')", { form: 'int64', isUnsigned: false }],
    ["Enum8('a, (b' = 1, 'c\\'' = -2)", { form: 'number', array: 'i8' }],
    ['FixedString(16)', { form: 'fixed-string', width: 16 }],
    ['LowCardinality(Nullable(String))', { form: 'low-cardinality', isNullable: true }],
  ])('reads %s', (text, expected) => {
    expect(parseNativeType(text)).toMatchObject({ text, ...expected });
  });

  it('reads nested types', () => {
    expect(parseNativeType('Array(Map(LowCardinality(String), Array(Nullable(UInt64))))')).toMatchObject({
      form: 'array',
      of: { form: 'map', key: { form: 'low-cardinality' }, value: { form: 'array', of: { form: 'nullable' } } },
    });
    expect(parseNativeType("Tuple(a UInt8, `b c` Enum8('x' = 1), String)")).toMatchObject({
      form: 'tuple',
      elements: [{ array: 'u8' }, { array: 'i8' }, { form: 'string' }],
    });
    expect(parseNativeType('SimpleAggregateFunction(max, DateTime64(9))')).toMatchObject({ form: 'int64' });
  });

  it.each([
    '',
    'Int128',
    'Decimal(9, 2)',
    'LowCardinality(UInt8)',
    'Array(',
    'Array(String',
    'AggregateFunction(sum, UInt8)',
  ])('refuses %j', (text) => {
    expect(() => parseNativeType(text)).toThrow(NativeFormatError);
  });

  it('refuses a type nested without end', () => {
    expect(() => parseNativeType('Array('.repeat(10_000) + ')'.repeat(10_000))).toThrow(NativeFormatError);
  });
});
