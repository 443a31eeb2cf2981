/** One trace by its id. */
import { TRACE_COLUMNS_MEDIA_TYPE } from '@clew/contract';
import { decodeTraceColumns } from '@clew/wire/columns/decode-trace-columns';
import { countOtlpSpans } from '../query-api.ts';
import type { BaselineQuestion, Question, QuestionKind } from './question.ts';

/** As the exporter's documentation asks: the time range from the side table, then the spans. */
function baselineTrace(traceId: string): BaselineQuestion {
  return {
    sql: `WITH
        (SELECT min(Start) FROM otel_traces_trace_id_ts WHERE TraceId = {traceId:String}) AS first,
        (SELECT max(End) + 1 FROM otel_traces_trace_id_ts WHERE TraceId = {traceId:String}) AS last
      SELECT * FROM otel_traces WHERE TraceId = {traceId:String} AND Timestamp >= first AND Timestamp <= last`,
    parameters: { traceId },
    found: (rows) => rows.length,
  };
}

function traceColumns(traceId: string): Question {
  return {
    path: `/api/v1/traces/${traceId}`,
    accept: TRACE_COLUMNS_MEDIA_TYPE,
    found: ({ bytes }) => decodeTraceColumns(bytes).spanCount,
    baseline: baselineTrace(traceId),
  };
}

export const TRACE_QUESTIONS: readonly QuestionKind[] = [
  {
    name: 'trace by id',
    about: 'typed columns, as the UI loads a trace',
    make: ({ random, dataSet }) => traceColumns(random.pick(dataSet.sampleTraces).traceId),
  },
  {
    name: 'trace by id, OTLP',
    about: 'OTLP JSON: every attribute, event and link',
    make({ random, dataSet }) {
      const { traceId } = random.pick(dataSet.sampleTraces);
      return {
        path: `/api/v1/traces/${traceId}`,
        found: ({ json }) => countOtlpSpans(json as Parameters<typeof countOtlpSpans>[0]),
        baseline: baselineTrace(traceId),
      };
    },
  },
  {
    name: 'trace of 10,000 spans',
    about: 'typed columns',
    make: ({ random, dataSet }) => traceColumns(random.pick(dataSet.largeTraceIds)),
  },
];
