/** What a page of the interface asks for, all of it at once, as a browser does. No other schema has a page like it. */
import { type AskedRange, type AskedValues, pickService, someHours } from './asked-values.ts';
import type { Question, QuestionKind } from './question.ts';

const TRACES_OF_A_PAGE = 100;
const COLUMNS = 120;
const ROWS_PER_DOUBLING = 8;

function pathIn({ startUnixMs, endUnixMs }: AskedRange) {
  return (path: string, more: Readonly<Record<string, string | number>> = {}): string => {
    const query = new URLSearchParams({ start: String(startUnixMs), end: String(endUnixMs) });
    for (const [name, value] of Object.entries(more)) query.set(name, String(value));
    return `/api/v1${path}?${query}`;
  };
}

function page(path: string, beside: readonly string[] = []): Question {
  return { path, beside, found: () => undefined, baseline: undefined };
}

function explorePage(values: AskedValues): Question {
  const range = someHours(values, 1);
  const pathOf = pathIn(range);
  const filter = `resource.service.name = ${JSON.stringify(pickService(values))}`;
  const q = `{ ${filter} }`;
  const step = `${Math.ceil((range.endUnixMs - range.startUnixMs) / COLUMNS)}ms`;
  return page(pathOf('/search', { q, limit: TRACES_OF_A_PAGE }), [
    pathOf('/search/totals', { q }),
    pathOf('/search/facets', { q }),
    pathOf('/metrics', {
      q: `${q} | histogram_over_time(duration) by(status)`,
      step,
      resolution: ROWS_PER_DOUBLING,
    }),
    pathOf('/metrics', { q: `{ ${filter} && status = error } | count_over_time() by(statusMessage)`, step }),
    pathOf('/metrics', { q: `${q} | count_over_time() by(resource.service.version)`, step }),
    pathOf('/services'),
    pathOf('/attributes'),
  ]);
}

export const PAGE_QUESTIONS: readonly QuestionKind[] = [
  {
    name: 'Explore page: all its questions',
    about: 'eight at once for { resource.service.name = S }, 1 hour; until the last answer is there',
    make: explorePage,
  },
  {
    name: 'compare populations',
    about: '/api/v1/compare of { S && status = error } and { S }, 1 hour',
    make(values) {
      const filter = `resource.service.name = ${JSON.stringify(pickService(values))}`;
      return page(
        pathIn(someHours(values, 1))('/compare', { a: `{ ${filter} && status = error }`, b: `{ ${filter} }` }),
      );
    },
  },
  {
    name: 'services overview',
    about: 'all services with rates, errors and durations, 24 hours',
    make: (values) => page(pathIn(someHours(values, 23))('/services-overview')),
  },
  {
    name: 'dependencies',
    about: 'which service calls which, 1 hour',
    make: (values) => page(pathIn(someHours(values, 1))('/dependencies')),
  },
];
