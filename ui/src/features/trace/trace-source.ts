import type { SpanAnswer } from '@clew/contract';
import { createContext, useContext } from 'react';
import { loadSpan } from '../../client/api.ts';

/** Where everything about a trace beyond its columns comes from: the server, or a file somebody opened. */
export interface TraceSource {
  /** Told apart in query keys: the same trace id may be stored and in a file. */
  readonly key: string;
  /** Searches, neighbours and figures of the server make sense for it. */
  readonly isStored: boolean;
  readonly loadSpan: (traceId: string, spanId: string, signal: AbortSignal) => Promise<SpanAnswer>;
}

export const STORED_TRACES: TraceSource = { key: 'stored', isStored: true, loadSpan };

export const TraceSourceContext = createContext<TraceSource>(STORED_TRACES);

/** The source of the trace that is shown here. */
export function useTraceSource(): TraceSource {
  return useContext(TraceSourceContext);
}
