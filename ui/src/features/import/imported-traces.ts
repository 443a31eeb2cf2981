import { ProblemError } from '../../client/problem-error.ts';
import { text } from '../../text/catalogue.ts';
import type { ImportState } from '../../tracefile/imported-files.ts';
import type { TraceSource } from '../trace/trace-source.ts';

/** The opened files as the place a trace's details come from. @param fileNames those that hold its spans */
export function importedTraces(
  { desk, number }: Extract<ImportState, { kind: 'open' }>,
  fileNames: readonly string[],
): TraceSource {
  const fileName = text.import.filesOf(fileNames);
  return {
    key: `file ${number}`,
    isStored: false,
    fileName,
    loadSpan: async (traceId, spanId) => {
      const answer = await desk.call('span', traceId, spanId);
      if (answer !== undefined) return answer;
      throw new ProblemError({
        status: 404,
        code: 'SPAN_NOT_FOUND',
        title: text.problem.spanNotFound,
        detail: text.problem.spanNotFoundWhy(spanId, traceId, fileName),
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
