import { parseQuery } from '@clew/traceql';
import { describe, expect, it } from 'vitest';
import { callQuery, metricsQuery, spansQuery } from './explore-queries.ts';

describe('a query out of the figures of services', () => {
  it('is TraceQL whatever the names are', () => {
    const hostile = 'a "b" \\ \n \u0007 é 😀';
    const whole = {
      ...({
        service: hostile,
        counted: 'requests',
        name: hostile,
        kind: 2,
        onlyErrors: true,
        message: hostile,
      } as const),
      ...{ longerThan: 1e6, upTo: 1.19e6, version: hostile, instance: hostile },
    };
    expect(() => parseQuery(spansQuery(whole))).not.toThrow();
    expect(() => parseQuery(callQuery(hostile, hostile))).not.toThrow();
    expect(() => parseQuery(metricsQuery(hostile, 'requests', 'rate() by(status)'))).not.toThrow();
  });

  it('asks for what is clicked', () => {
    expect(spansQuery({ service: 'cart', name: 'GET /', kind: 3, onlyErrors: true })).toBe(
      '{ resource.service.name = "cart" && name = "GET /" && kind = client && status = error }',
    );
    expect(callQuery('cart', 'stock')).toBe('{ resource.service.name = "cart" } > { resource.service.name = "stock" }');
  });
});
