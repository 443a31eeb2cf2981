import { parseQuery } from '@clew/traceql';
import { describe, expect, it } from 'vitest';
import { beforeAndAfter, goodAndBad, serviceQuery, twoVersions } from './preset-queries.ts';

describe('presets', () => {
  it('compare as long before a moment as after it', () => {
    const moment = Date.parse('2026-11-21T08:00:00Z');
    expect(beforeAndAfter('{ }', moment, 900_000)).toEqual({
      a: '{ }',
      b: '{ }',
      from: '2026-11-21T07:45:00.000Z',
      to: '2026-11-21T08:00:00.000Z',
      bfrom: '2026-11-21T08:00:00.000Z',
      bto: '2026-11-21T08:15:00.000Z',
    });
  });

  it('compare two versions of a service, whatever they are called', () => {
    const { a, b } = twoVersions('cart', '1.0', '2."x"');
    expect(a).toBe('{ resource.service.name = "cart" && resource.service.version = "1.0" }');
    expect(() => parseQuery(b ?? '')).not.toThrow();
  });

  it('compare what failed with what did not', () => {
    expect(goodAndBad(serviceQuery('cart'))).toEqual({
      a: '{ resource.service.name = "cart" && status != error }',
      b: '{ resource.service.name = "cart" && status = error }',
    });
    expect(goodAndBad(serviceQuery(''))).toEqual({ a: '{ status != error }', b: '{ status = error }' });
  });
});
