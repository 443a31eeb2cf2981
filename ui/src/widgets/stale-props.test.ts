import { describe, expect, it } from 'vitest';
import { staleProps } from './stale-props.ts';

describe('an element whose answer', () => {
  it('is that of the question has its own classes only, and is not busy', () => {
    expect(staleProps(false, 'series')).toEqual({ className: 'series', 'aria-busy': false });
    expect(staleProps(false)).toEqual({ className: undefined, 'aria-busy': false });
  });

  it('is that of a question before is framed and busy', () => {
    expect(staleProps(true, 'series')).toEqual({ className: 'series is-stale', 'aria-busy': true });
    expect(staleProps(true)).toEqual({ className: 'is-stale', 'aria-busy': true });
  });

  it('stays that of a question before is framed and not busy', () => {
    expect(staleProps(true, 'facets', false)).toEqual({ className: 'facets is-stale', 'aria-busy': false });
  });
});
