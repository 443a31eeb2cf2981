import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { AttributeColumn } from '../../timeline/attribute-column.ts';
import { joinSpans } from '../../timeline/span-join.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { useTraceSource } from './trace-source.ts';

export interface SpanAttribute extends AttributeColumn {
  readonly problem: string | undefined;
}

const NO_IDS = new Uint32Array(0);
const NO_PLACES = new Int32Array(0);

/** Attributes of every span of the trace, by name, in the order of `names`; without values until they are here. */
export function useSpanAttributes(trace: TraceModel, names: readonly string[]): readonly SpanAttribute[] {
  const source = useTraceSource();
  const { columns } = trace;
  const { loadValues } = source;
  const queries = useQueries({
    queries: names.map((name) => ({
      queryKey: ['trace-values', source.key, columns.traceId, columns.spanCount, trace.shift !== undefined, name],
      queryFn: async ({ signal }: { readonly signal: AbortSignal }) => {
        if (loadValues === undefined) return undefined;
        const spans = await loadValues(columns.traceId, name, signal);
        const places = await joinSpans(columns, spans, signal);
        return { values: spans.values ?? [], valueIds: spans.value ?? NO_IDS, places };
      },
      enabled: loadValues !== undefined,
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 60_000,
      structuralSharing: false as const,
    })),
    combine: combineAnswers,
  });
  return useMemo(
    () =>
      names.map((name, at): SpanAttribute => {
        const { data, error } = queries[at] ?? { data: undefined, error: null };
        const { values, valueIds = NO_IDS, places = NO_PLACES } = data ?? { values: undefined };
        return { name, values, valueIds, places, problem: error?.message };
      }),
    [names, queries],
  );
}

/** Outside of the component: the same function keeps the same list while nothing changes. */
function combineAnswers<Data>(answers: readonly { readonly data: Data; readonly error: Error | null }[]) {
  return answers.map(({ data, error }) => ({ data, error }));
}
