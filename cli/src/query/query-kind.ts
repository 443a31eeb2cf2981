import { parseQuery, soleFilter, TraceqlError } from '@clew/traceql';

/** What a query asks for: traces by one filter, sets of spans, or series. */
export type QueryKind = 'filter' | 'sets' | 'metrics';

/** By what this program understands; text that it does not is for the server to judge, which may be newer. */
export function queryKindOf(text: string): QueryKind {
  try {
    const query = parseQuery(text);
    if (query.kind === 'metrics-query') return 'metrics';
    return soleFilter(query) === undefined ? 'sets' : 'filter';
  } catch (error) {
    if (error instanceof TraceqlError) return 'filter';
    throw error;
  }
}
