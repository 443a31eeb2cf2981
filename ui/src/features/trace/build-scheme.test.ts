import { parseQuery } from '@clew/traceql';
import { describe, expect, it } from 'vitest';
import { buildTestTrace, FAMILY } from '../../timeline/build-test-trace.ts';
import { buildTraceModel } from '../../timeline/trace-model.ts';
import { buildScheme, findOfCategory, legendOrder } from './build-scheme.ts';
import { summarizeTrace } from './trace-summary.ts';

const trace = buildTraceModel(buildTestTrace(FAMILY));
const summary = summarizeTrace(trace);
const values = {
  name: 'span.route',
  values: ['/a', '200', 'long…'],
  valueIds: Uint32Array.of(1, 0, 0, 2),
  places: Int32Array.of(0, 1, 2, 3, -1, -1, -1, -1),
  problem: undefined,
};

describe('what rows are coloured by', () => {
  it('is the service by default, and while the values of an attribute are on their way', () => {
    const loading = { ...values, values: undefined };
    for (const scheme of [
      buildScheme(trace, summary, undefined, undefined),
      buildScheme(trace, summary, 'span.route', loading),
    ]) {
      expect(scheme.by).toBe('service');
      expect(legendOrder(scheme, summary).map((category) => scheme.categories[category].label)).toEqual(
        summary.services.map(({ name }) => name),
      );
    }
  });

  it('may be the value of an attribute, the most frequent first in the legend', () => {
    const scheme = buildScheme(trace, summary, 'span.route', values);
    const legend = legendOrder(scheme, summary).map((category) => scheme.categories[category]);
    expect(legend.map(({ label, spanCount }) => `${label} ${spanCount}`)).toEqual([
      ...['/a 2', 'long… 1', '200 1', 'No value 4'],
    ]);
  });

  it('has a query for each category that TraceQL understands', () => {
    const scheme = buildScheme(trace, summary, 'span.route', values);
    const finds = scheme.categories.map((_, category) => findOfCategory(scheme, category));
    expect(finds).toEqual([
      '{ span.route = nil }',
      '{ span.route = "/a" }',
      '{ span.route = 200 || span.route = "200" }',
      undefined,
    ]);
    const kinds = buildScheme(trace, summary, 'kind', undefined);
    const statuses = buildScheme(trace, summary, 'status', undefined);
    const all = [
      ...finds,
      ...kinds.categories.map((_, category) => findOfCategory(kinds, category)),
      ...statuses.categories.map((_, category) => findOfCategory(statuses, category)),
    ];
    for (const find of all) if (find !== undefined) expect(() => parseQuery(find)).not.toThrow();
  });
});
