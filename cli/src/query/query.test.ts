import type { FoundTrace, QueryPlan } from '@clew/contract';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { isUnfinished } from './is-unfinished.ts';
import { stepFor } from './load-metrics.ts';
import { seriesLabel, shortNumber } from './metrics-table.ts';
import { byteText, planText, withBreaks } from './plan-text.ts';
import { parsePromptCommand } from './prompt-command.ts';
import { queryKindOf } from './query-kind.ts';
import { samplingText } from './sampling-text.ts';
import { spansetLines } from './spanset-lines.ts';
import { sparkline } from './sparkline.ts';

const TERMINAL = {
  out: () => undefined,
  err: () => undefined,
  columns: Number.POSITIVE_INFINITY,
  isTty: false,
  colors: pc.createColors(false),
};

describe('a sparkline', () => {
  it.each([
    [[0, 1, 2, 3, 4, 5, 6, 7], 8, '▁▂▃▄▅▆▇█'],
    [[5, null, 5], 8, '█ █'],
    [[0, 0], 8, '▁▁'],
    [[-1, 0, 1], 8, '▁▅█'],
    [[1, 9, null, null, 2, 2], 3, '█ ▂'],
    [[], 8, ''],
  ])('of %j in %d cells is %s', (values, width, line) => {
    expect(sparkline(values, width)).toBe(line);
  });
});

describe('a query of several lines', () => {
  it.each([
    ['{ status = error', true],
    ['{ status = error }', false],
    ['{ status = error } |', true],
    ['{ } | by(name', true],
    ['{ name = "a', true],
    ['{ } >>', true],
    ['{ } | count() > 2', false],
    ['', false],
    ['nonsense', false],
  ])('%j goes on: %s', (text, goesOn) => {
    expect(isUnfinished(text)).toBe(goesOn);
  });
});

describe('the kind of a query', () => {
  it.each([
    ['{ }', 'filter'],
    ['{ } > { }', 'sets'],
    ['{ } | rate()', 'metrics'],
    ['{ what', 'filter'],
  ] as const)('%s', (text, kind) => {
    expect(queryKindOf(text)).toBe(kind);
  });
});

describe('a line of the prompt that begins with a colon', () => {
  const flags = { sinceMs: 1, limit: 1, stepMs: undefined, spans: false, json: false, explain: false };
  it('changes what queries do', () => {
    expect(parsePromptCommand(':since 3h', flags)).toMatchObject({ kind: 'set', flags: { sinceMs: 10_800_000 } });
    expect(parsePromptCommand(' :explain', flags)).toMatchObject({ flags: { explain: true } });
    expect(parsePromptCommand(':spans off', flags)).toMatchObject({ flags: { spans: false } });
    expect(parsePromptCommand(':trace 00ff', flags)).toEqual({ kind: 'trace', traceId: '00ff' });
    expect(parsePromptCommand(':q', flags)).toEqual({ kind: 'quit' });
  });
  it.each([':since 5', ':since ever', ':limit 0', ':limit x', ':nothing'])('is refused: %s', (line) => {
    expect(parsePromptCommand(line, flags).kind).toBe('mistake');
  });
});

describe('metrics', () => {
  it('have round buckets, short numbers and short names', () => {
    expect(stepFor(3_600_000)).toBe(60_000);
    expect(stepFor(86_400_000)).toBe(1_800_000);
    expect(stepFor(60_000)).toBe(1_000);
    expect(shortNumber(1_234_567)).toBe('1.235M');
    expect(shortNumber(0.00012345)).toBe('0.0001234');
    expect(seriesLabel([{ name: 'name', type: 'string', value: 'GET /' }])).toBe('GET /');
    expect(
      seriesLabel([
        { name: '__name__', type: 'string', value: 'quantile_over_time' },
        { name: 'p', type: 'double', value: '0.99' },
      ]),
    ).toBe('p=0.99');
  });
});

describe('a plan', () => {
  it('breaks statements at their own clauses only', () => {
    expect(withBreaks("SELECT (SELECT 1 FROM a WHERE b) FROM spans WHERE x = ' AND ' AND y ORDER BY z LIMIT 1")).toBe(
      "SELECT (SELECT 1 FROM a WHERE b)\nFROM spans\nWHERE x = ' AND '\nAND y\nORDER BY z\nLIMIT 1",
    );
  });

  it('says tier, reasons and what each step read', () => {
    const plan: QueryPlan = {
      query: '{ }',
      tier: 'sql',
      reasons: ['One filter.'],
      steps: [
        {
          ...{ name: 'candidates', sql: 'SELECT 1 FROM spans', parameters: { tenant: 'a\u001b[2J' } },
          ...{ rowsRead: 12_345, bytesRead: 2_500_000, rowsAnswered: 3, elapsedMs: 7 },
        },
        { name: 'spans', sql: 'SELECT 2 FROM spans', parameters: {}, rowsAnswered: 4, elapsedMs: 8 },
      ],
    };
    expect(planText(plan, TERMINAL)).toContain('  2. spans: not known what was read → 4 rows in 8 ms');
    expect(planText(plan, TERMINAL)).toContain('(2 statements, 12,345 rows, 2.5 MB and what 1 of them did not tell)');
    expect(planText(plan, TERMINAL)).toContain('  1. candidates: 12,345 rows, 2.5 MB read → 3 rows in 7 ms');
    expect(planText(plan, TERMINAL)).toContain('    tenant = a·[2J');
    expect(byteText(999)).toBe('999 B');
  });
});

describe('sets of a trace', () => {
  it('are printed below it, with groups, numbers and selected values', () => {
    const span = {
      ...{ spanId: '01', name: 'charge\u0007', service: 'pay', kind: 3, statusCode: 2 },
      ...{ startTimeUnixNano: '1', durationNano: '1500000' },
      attributes: [{ name: 'span.amount', type: 'double', value: '19.990000000000001' }],
    } as const;
    const trace = {
      spansets: [
        {
          attributes: [
            { name: 'by(name)', type: 'nil', value: '' },
            { name: 'avg(duration)', type: 'duration', value: '1500000' },
          ],
          matchedCount: 3,
          spans: [span],
        },
      ],
    } as unknown as FoundTrace;
    expect(spansetLines(trace, TERMINAL)).toEqual([
      '  by(name)=nil · avg(duration)=1.50ms · 3 spans',
      '    ✖ pay charge·  1.50ms  span.amount=19.99',
      '    … 2 more, shorter ones',
    ]);
  });
});

describe('the sampling of matches', () => {
  it.each([
    [
      { spans: 1_200, sampled: 400, weight: 2_400 },
      '400 of 1,200 matching spans (33.3 %) stand for several: counted as 2,400 in all',
    ],
    [{ spans: 7, sampled: 0, weight: 7 }, 'no matching span stands for several: each counts once'],
  ])('is said of %j', (sampling, said) => {
    expect(samplingText(sampling)).toBe(said);
  });
});
