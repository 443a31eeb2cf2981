import { ProblemError } from '../../client/problem-error.ts';
import { text } from '../../text/catalogue.ts';
import type { ImportState } from '../../tracefile/imported-file.ts';
import type { TraceSource } from '../trace/trace-source.ts';

/** The opened file as the place a trace's details come from. */
export function importedTraces(file: Extract<ImportState, { kind: 'open' }>): TraceSource {
  const { desk } = file;
  return {
    key: `file ${file.number}`,
    isStored: false,
    fileName: file.name,
    loadSpan: async (traceId, spanId) => {
      const answer = await desk.call('span', traceId, spanId);
      if (answer !== undefined) return answer;
      throw new ProblemError({
        status: 404,
        code: 'SPAN_NOT_FOUND',
        title: text.problem.spanNotFound,
        detail: text.problem.spanNotFoundWhy(spanId, traceId, file.name),
      });
    },
    loadEvents: ({ traceId, spanId, startTimeUnixNano }, filter) =>
      desk.call('events', traceId, spanId, startTimeUnixNano, filter),
    loadMatch: (traceId, query) => desk.call('match', traceId, query),
    loadValues: (traceId, name) => desk.call('values', traceId, name),
    loadLinkingSpans: ({ traceId }, spanId) => desk.call('linkingSpans', traceId, spanId),
    exportTrace: (traceId, format) => desk.call('exportTrace', traceId, format),
    release: () => undefined,
  };
}
