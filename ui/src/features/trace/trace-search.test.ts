import { describe, expect, it } from 'vitest';
import { parseTraceSearch, searchOfWindow, windowOfSearch } from './trace-search.ts';

describe('the URL of the trace page', () => {
  it('keeps what is well formed', () => {
    const search = { span: '00f067aa0ba902b7', z: '0,250', fold: 'L3.+00f067aa', find: 'cart' };
    expect(parseTraceSearch(search)).toEqual(search);
  });

  it('drops what is not, and never throws', () => {
    expect(parseTraceSearch({ span: 'nope', z: '5', fold: '<b>', find: '', x: 1 })).toEqual({});
    expect(parseTraceSearch({ span: 7, z: null })).toEqual({});
  });

  it('completes short span ids', () => {
    expect(parseTraceSearch({ span: 'ABC' })).toEqual({ span: '0000000000000abc' });
  });

  it('holds the zoom, but not the view of everything', () => {
    expect(searchOfWindow({ from: 0, to: 1000 }, 1000)).toBeUndefined();
    expect(searchOfWindow({ from: 10.4, to: 500 }, 1000)).toBe('10,500');
    expect(windowOfSearch('10,500', 1000)).toEqual({ from: 10, to: 500 });
    expect(windowOfSearch('500,10', 1000)).toEqual({ from: 0, to: 1000 });
    expect(windowOfSearch('900,9999', 1000)).toEqual({ from: 0, to: 1000 });
    expect(windowOfSearch(undefined, 1000)).toEqual({ from: 0, to: 1000 });
  });
});
