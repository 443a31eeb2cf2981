import { describe, expect, it } from 'vitest';
import { formatOpenGroups, parseOpenGroups, parseServicesSearch } from './services-search.ts';

describe('the URL of the services page', () => {
  it('keeps what is well formed and leaves defaults out', () => {
    const whole = {
      from: 'now-3h',
      view: 'map',
      find: 'cart',
      sort: 'p95',
      turned: '1',
      focus: 'database:redis a',
      hops: '2',
    };
    expect(parseServicesSearch(whole)).toEqual(whole);
    expect(
      parseServicesSearch({ from: 'now-1h', to: 'now', view: 'list', sort: 'rate', hops: '1', groups: 'auto' }),
    ).toEqual({});
  });

  it('drops what it does not know', () => {
    expect(
      parseServicesSearch({ from: 'soon', sort: 'colour', focus: 'cart', hops: '9', groups: 3, open: '%E0%A4%A,' }),
    ).toEqual({});
  });

  it('names open groups, with commas in them', () => {
    const names = ['shop', 'a,b', 'c d'];
    expect(parseOpenGroups(formatOpenGroups(names))).toEqual(names);
    expect(parseServicesSearch({ open: 'shop,shop,a%2Cb' })).toEqual({ open: 'shop,a%2Cb' });
  });
});
