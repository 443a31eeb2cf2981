import type { SpanAnswer } from '@clew/contract';
import type { SpanValues, TraceColumns } from '@clew/model';
import { createContext, useContext } from 'react';
import { loadSpan, loadTraceMatch, loadTraceValues } from '../../client/api.ts';
import type { ExportFormat } from '../../tracefile/export-formats.ts';
import type { LinkingSpan } from '../../tracefile/linking-spans.ts';
import { openStoredDesk, releaseStoredDesk } from '../../tracefile/stored-desk.ts';
import type { TraceEvents } from '../../tracefile/trace-events.ts';
import { searchLinkingSpans } from './search-linking-spans.ts';

/** Where everything about a trace beyond its columns comes from: the server, or a file somebody opened. */
export interface TraceSource {
  /** Told apart in query keys: the same trace id may be stored and in a file. */
  readonly key: string;
  /** Searches, neighbours and figures of the server make sense for it. */
  readonly isStored: boolean;
  /** Of the file it is out of. */
  readonly fileName?: string;
  readonly loadSpan: (traceId: string, spanId: string, signal: AbortSignal) => Promise<SpanAnswer>;
  /** Events of the trace by time whose name or attributes contain the filter. */
  readonly loadEvents: (columns: TraceColumns, filter: string) => Promise<TraceEvents>;
  /** Spans elsewhere, or in the trace itself, that link to one of its spans. */
  readonly loadLinkingSpans: (columns: TraceColumns, spanId: string, signal: AbortSignal) => Promise<LinkingSpan[]>;
  /** The spans that a TraceQL query finds. Absent: only names, services and ids can be found. */
  readonly loadMatch?: (traceId: string, query: string, signal: AbortSignal) => Promise<SpanValues>;
  /** One attribute of every span that has it. Absent: nothing to colour by, and no columns. */
  readonly loadValues?: (traceId: string, name: string, signal: AbortSignal) => Promise<SpanValues>;
  readonly exportTrace: (traceId: string, format: ExportFormat) => Promise<Blob>;
  /** The page of the trace is left: nothing more will be asked soon. */
  readonly release: (traceId: string) => void;
}

export const STORED_TRACES: TraceSource = {
  key: 'stored',
  isStored: true,
  loadSpan,
  loadEvents: async ({ traceId, spanId, startTimeUnixNano }, filter) =>
    (await openStoredDesk(traceId)).call('events', traceId, spanId, startTimeUnixNano, filter),
  loadLinkingSpans: searchLinkingSpans,
  loadMatch: loadTraceMatch,
  loadValues: loadTraceValues,
  exportTrace: async (traceId, format) => (await openStoredDesk(traceId)).call('exportTrace', traceId, format),
  release: releaseStoredDesk,
};

export const TraceSourceContext = createContext<TraceSource>(STORED_TRACES);

/** The source of the trace that is shown here. */
export function useTraceSource(): TraceSource {
  return useContext(TraceSourceContext);
}
