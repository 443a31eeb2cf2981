import { describe, expect, it } from 'vitest';
import { columnsOfSearch, parseTraceSearch, searchOfWindow, windowOfSearch } from './trace-search.ts';

describe('the URL of the trace page', () => {
  it('keeps what is well formed', () => {
    const search = { span: '00f067aa0ba902b7', z: '0,250', fold: 'L3.+00f067aa', find: 'cart' };
    expect(parseTraceSearch(search)).toEqual(search);
  });

  it('keeps how rows are shown, and leaves out what is the default', () => {
    const shown = {
      only: '1',
      group: '0',
      color: 'span.db.system',
      cols: 'span.a,.b',
      self: '1',
      adjust: '1',
    } as const;
    expect(parseTraceSearch(shown)).toEqual(shown);
    expect(parseTraceSearch({ only: 1, group: 0 })).toEqual({ only: '1', group: '0' });
    expect(parseTraceSearch({ only: '0', group: '1', color: 'service', cols: ' , ', self: 'x' })).toEqual({});
  });

  it('names up to four columns, each once, commas in quotes left alone', () => {
    expect(columnsOfSearch('span.a, .b,span.a,resource."x,y",.d,.e')).toEqual(['span.a', '.b', 'resource."x,y"', '.d']);
    expect(columnsOfSearch(undefined)).toEqual([]);
    expect(columnsOfSearch('"')).toEqual([]);
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
