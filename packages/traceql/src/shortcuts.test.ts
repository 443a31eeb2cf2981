import { describe, expect, it } from 'vitest';
import { buildAttribute, buildComparison } from './build.ts';
import { addCondition, readShortcuts, withShortcuts } from './shortcuts.ts';
import { TraceqlError } from './traceql-error.ts';

const NOTHING = {
  service: undefined,
  name: undefined,
  minDurationNano: undefined,
  maxDurationNano: undefined,
  onlyErrors: false,
};

describe('readShortcuts', () => {
  it('reads every field', () => {
    const text =
      '{ resource.service.name = "cart" && name = "GET /" && duration >= 10ms && duration < 2s && status = error }';
    expect(readShortcuts(text)).toEqual({
      service: 'cart',
      name: 'GET /',
      minDurationNano: 10_000_000n,
      maxDurationNano: 2_000_000_000n,
      onlyErrors: true,
    });
  });

  it('reads conditions written the other way round, in any grouping', () => {
    expect(readShortcuts('{ .a && (10ms <= duration && ("cart" = resource.service.name && .b)) }')).toEqual({
      ...NOTHING,
      service: 'cart',
      minDurationNano: 10_000_000n,
    });
  });

  it.each([
    '',
    '  ',
    '{ }',
    '{ resource.service.name = "a" || resource.service.name = "b" }',
    '{ !(status = error) }',
    '{ resource.service.name != "a" && name =~ "x" && duration = 1s && status = ok }',
    '{ .service.name = "a" && span.service.name = "b" && traceDuration > 1s }',
    '{ status = error && .a || .b }',
  ])('finds none in %s', (text) => {
    expect(readShortcuts(text)).toEqual(NOTHING);
  });
});

describe('withShortcuts', () => {
  it('starts a query from blank text', () => {
    expect(withShortcuts('', { service: 'cart', onlyErrors: true })).toBe(
      '{ resource.service.name = "cart" && status = error }',
    );
  });

  it('keeps what it does not know and the place of what it changes', () => {
    const text = '{ .a = 1 && resource.service.name = "cart" && (.b || .c) }';
    expect(withShortcuts(text, { service: 'shop', minDurationNano: 1_500_000_000n })).toBe(
      '{ .a = 1 && resource.service.name = "shop" && (.b || .c) && duration >= 1.5s }',
    );
  });

  it('removes a condition, and every duplicate of it', () => {
    const text = '{ status = error && .a && status = error && duration > 1s }';
    expect(withShortcuts(text, { onlyErrors: false })).toBe('{ .a && duration > 1s }');
    expect(withShortcuts(text, { minDurationNano: undefined, onlyErrors: false })).toBe('{ .a }');
    expect(withShortcuts('{ status = error }', { onlyErrors: false })).toBe('{ }');
  });

  it('puts a condition beside alternatives, not into one of them', () => {
    expect(withShortcuts('{ .a || .b }', { service: 'x' })).toBe('{ (.a || .b) && resource.service.name = "x" }');
    expect(withShortcuts('{ .a && .b || .c }', { onlyErrors: true })).toBe('{ ((.a && .b) || .c) && status = error }');
  });

  it('writes any text as a literal', () => {
    const service = 'a" || true || "\\\n{}';
    const text = withShortcuts('{ }', { service });
    expect(readShortcuts(text).service).toBe(service);
  });

  it('reads back what it wrote', () => {
    const fields = { service: 's', name: 'n', minDurationNano: 5n, maxDurationNano: 7n, onlyErrors: true };
    expect(readShortcuts(withShortcuts('{ .x }', fields))).toEqual(fields);
  });

  it('keeps hints', () => {
    expect(withShortcuts('{ .a } with (most_recent=true)', { onlyErrors: true })).toBe(
      '{ .a && status = error } with (most_recent=true)',
    );
  });

  it.each(['{ } | count() > 2', '{ } >> { }', '{ } | rate()', 'by(name)', '({ } | rate()) * 2'])(
    'refuses %s, which is not a single filter',
    (text) => {
      const refusal = expect.objectContaining({ code: 'TRACEQL_TYPE', message: 'only one filter is possible here.' });
      expect(() => readShortcuts(text)).toThrow(refusal);
      expect(() => withShortcuts(text, { service: 'x' })).toThrow(refusal);
    },
  );

  it('refuses a text that is no query', () => {
    expect(() => withShortcuts('{ .a = ', { service: 'x' })).toThrow(TraceqlError);
  });
});

describe('addCondition', () => {
  const condition = buildComparison(buildAttribute('span', 'user id'), '=', { type: 'int', value: 5n });

  it('adds a condition once', () => {
    const once = addCondition('{ .a }', condition);
    expect(once).toBe('{ .a && span."user id" = 5 }');
    expect(addCondition(once, condition)).toBe(once);
  });

  it('adds to an empty query and to alternatives', () => {
    expect(addCondition('', condition)).toBe('{ span."user id" = 5 }');
    expect(addCondition('{ .a || .b }', condition)).toBe('{ (.a || .b) && span."user id" = 5 }');
  });
});
