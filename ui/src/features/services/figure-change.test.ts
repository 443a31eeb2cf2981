import { describe, expect, it } from 'vitest';
import { durationChange, ratioChange, shareChange } from './figure-change.ts';
import { healthOf, worstHealth } from './service-health.ts';

describe('a change against the period before', () => {
  it('of a rate or duration is told in percent, with its sign', () => {
    expect(ratioChange(112, 100)).toEqual({ direction: 'up', text: '+12 %', isNotable: false });
    expect(ratioChange(50, 100)).toEqual({ direction: 'down', text: '\u221250 %', isNotable: true });
    expect(ratioChange(100, 100.1)).toEqual({ direction: 'same', text: '±0 %', isNotable: false });
    expect(ratioChange(1_200, 100)).toMatchObject({ direction: 'up', text: '×12' });
  });

  it('is none or new where there is nothing to compare', () => {
    expect(ratioChange(null, 4).direction).toBe('none');
    expect(ratioChange(4, null).direction).toBe('new');
    expect(durationChange(4, null).direction).toBe('none');
    expect(ratioChange(0, 0).direction).toBe('none');
    expect(shareChange(0.5, undefined).direction).toBe('none');
  });

  it('of an error share is told in percentage points', () => {
    expect(shareChange(0.031, 0.02)).toEqual({ direction: 'up', text: '+1.1 pp', isNotable: true });
    expect(shareChange(0.02, 0.0201)).toEqual({ direction: 'same', text: '±0 pp', isNotable: false });
    expect(shareChange(0, 0.005)).toEqual({ direction: 'down', text: '\u22120.5 pp', isNotable: false });
  });
});

describe('the health of a service', () => {
  it('follows from its share of errors', () => {
    expect(healthOf(null)).toBe('idle');
    expect(healthOf({ spans: 1000, errors: 9 })).toBe('ok');
    expect(healthOf({ spans: 1000, errors: 10 })).toBe('warn');
    expect(healthOf({ spans: 1000, errors: 50 })).toBe('bad');
  });

  it('of several is the worst of those that are known', () => {
    expect(worstHealth(['ok', 'idle', 'warn', 'unknown'])).toBe('warn');
    expect(worstHealth(['idle', 'ok'])).toBe('ok');
    expect(worstHealth(['unknown'])).toBe('unknown');
  });
});
