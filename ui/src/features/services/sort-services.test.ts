import type { ServiceFigures } from '@clew/contract';
import { describe, expect, it } from 'vitest';
import { findServices, sortServices } from './sort-services.ts';

const service = (name: string, rate: number | null, errors = 0, namespace = ''): ServiceFigures => ({
  ...{ name, namespace, counted: 'requests', before: null, rates: [], errorRates: [] },
  now: rate === null ? null : { spans: 100, errors, rate, p50Nano: rate, p95Nano: null, p99Nano: null },
});
const names = (services: readonly ServiceFigures[]): readonly string[] => services.map(({ name }) => name);
const ALL = [service('b', 1, 3), service('silent', null), service('a', 5), service('c', 5, 1, 'Shop')];

describe('the list of services', () => {
  it('has the largest first and the silent last, whichever way it is sorted', () => {
    expect(names(sortServices(ALL, 'rate', false))).toEqual(['a', 'c', 'b', 'silent']);
    expect(names(sortServices(ALL, 'rate', true))).toEqual(['b', 'a', 'c', 'silent']);
    expect(names(sortServices(ALL, 'errors', false))).toEqual(['b', 'c', 'a', 'silent']);
    expect(names(sortServices(ALL, 'p95', false))).toEqual(['a', 'b', 'c', 'silent']);
    expect(names(sortServices(ALL, 'name', true))).toEqual(['silent', 'c', 'b', 'a']);
  });

  it('finds parts of names and namespaces in any case', () => {
    expect(names(findServices(ALL, 'SHO'))).toEqual(['c']);
    expect(names(findServices(ALL, 'il'))).toEqual(['silent']);
  });
});
