import { describe, expect, it } from 'vitest';
import { buildTestTrace, FAMILY } from '../../timeline/build-test-trace.ts';
import { buildCriticalSections } from '../../timeline/critical-path.ts';
import { buildTraceModel } from '../../timeline/trace-model.ts';
import { buildTraceGraph } from './trace-graph.ts';

describe('the map of a trace', () => {
  const trace = buildTraceModel(buildTestTrace(FAMILY));
  const service = (name: string): number => trace.columns.services.indexOf(name);

  it('has the services with their spans, errors and self time', () => {
    const { nodes } = buildTraceGraph(trace, undefined);
    const pay = nodes.find((node) => node.service === service('pay'));
    expect(pay).toEqual({ service: service('pay'), spanCount: 3, errorCount: 1, selfTime: 40 });
    expect(nodes.reduce((sum, node) => sum + node.spanCount, 0)).toBe(FAMILY.length);
  });

  it('has a call where a span and its parent are of different services, the most critical first', () => {
    const { calls } = buildTraceGraph(trace, buildCriticalSections(trace.columns));
    expect(calls).toEqual([
      {
        from: service('web'),
        to: service('ship'),
        count: 1,
        errorCount: 0,
        total: 50,
        critical: 50,
        longestRow: 4,
      },
      { from: service('web'), to: service('pay'), count: 1, errorCount: 0, total: 40, critical: 40, longestRow: 1 },
    ]);
  });

  it('counts repeated calls as one line and remembers the longest', () => {
    const calls = buildTraceGraph(
      buildTraceModel(
        buildTestTrace([
          { parent: -1, start: 0, duration: 100, service: 'web' },
          { parent: 0, start: 0, duration: 10, service: 'db', error: true },
          { parent: 0, start: 20, duration: 30, service: 'db' },
          { parent: 2, start: 25, duration: 5, service: 'web' },
        ]),
      ),
      undefined,
    ).calls;
    expect(calls.map(({ count, errorCount, total, longestRow }) => [count, errorCount, total, longestRow])).toEqual([
      [2, 1, 40, 2],
      [1, 0, 5, 3],
    ]);
  });

  it('has no calls when one service does everything', () => {
    const alone = buildTestTrace([
      { parent: -1, start: 0, duration: 10 },
      { parent: 0, start: 0, duration: 5 },
    ]);
    expect(buildTraceGraph(buildTraceModel(alone), undefined)).toMatchObject({ nodes: [{ spanCount: 2 }], calls: [] });
  });
});
