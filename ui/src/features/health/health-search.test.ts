import { describe, expect, it } from 'vitest';
import { parseHealthSearch } from './health-search.ts';

describe('the search of the health page', () => {
  it('keeps known values and leaves defaults and all else out', () => {
    expect(parseHealthSearch({ tab: 'quality', from: 'now-24h' })).toEqual({ tab: 'quality', from: 'now-24h' });
    expect(parseHealthSearch({ tab: 'ingest', from: 'now-1h' })).toEqual({});
    expect(parseHealthSearch({ tab: ['storage'], from: '<script>', more: 'x' })).toEqual({});
  });
});
