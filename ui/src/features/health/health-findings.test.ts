import type { StatusAnswer } from '@clew/contract';
import { describe, expect, it } from 'vitest';
import { healthFindings } from './health-findings.ts';
import { MetricSet } from './metric-set.ts';

const STATUS: StatusAnswer = {
  version: '0.1.0',
  startedUnixMs: 0,
  spans: { received: 10, accepted: 10, refused: 0, stored: 10 },
  acceptedPerSecond: 0,
  journal: { entries: 0, bytes: 0, oldestAgeMs: 0 },
  hasSpans: true,
  endpoints: { otlpGrpc: '', otlpHttp: '', ui: '', tempo: '' },
};
const WELL = 'clew_engine_up 1\nclew_store_full 0\nclew_store_fullness_ratio{node="a"} 0.2\n';

const found = (metrics: string, change: Partial<StatusAnswer> = {}) =>
  healthFindings({ ...STATUS, ...change }, new MetricSet(metrics));

describe('findings about a server', () => {
  it('are none while all is well', () => {
    expect(found(WELL)).toEqual([]);
  });

  it('name what is lost before what is slow', () => {
    const findings = found(`${WELL}clew_set_aside_spans_total 3\n`, {
      journal: { entries: 1, bytes: 2_000_000, oldestAgeMs: 61_000 },
    });
    expect(findings.map(({ severity }) => severity)).toEqual(['error', 'warning']);
    expect(findings[0].what).toContain('3 spans');
    expect(findings[1].what).toContain('1 min 1 s');
    expect(findings.every(({ todo }) => todo !== '')).toBe(true);
  });

  it('tell a store that is away from one that was never asked', () => {
    expect(found('clew_engine_up 0\n').map(({ severity }) => severity)).toEqual(['error']);
    expect(found('')).toEqual([]);
  });

  it('count refusals by reason', () => {
    const findings = found(
      `${WELL}clew_refused_requests_total{transport="otlp_http",reason="limited"} 5\n` +
        'clew_refused_requests_total{transport="otlp_grpc",reason="limited"} 2\n' +
        'clew_refused_requests_total{transport="otlp_grpc",reason="something new"} 1\n',
    );
    expect(findings.map(({ what }) => what)).toEqual([
      expect.stringMatching(/^7 .*limit of their tenant/),
      expect.stringMatching(/^1 .*something new/),
    ]);
  });

  it('say the store’s own warnings once', () => {
    const storage = {
      bytes: 1,
      spans: 1,
      oldestDay: null,
      newestDay: null,
      limitBytes: null,
      freeBytes: 1,
      warnings: ['The disk fills up.'],
    };
    const findings = found('clew_store_fullness_ratio{node="a"} 0.97\n', { storage });
    expect(findings).toEqual([{ severity: 'warning', what: 'The disk fills up.', todo: '' }]);
  });
});
