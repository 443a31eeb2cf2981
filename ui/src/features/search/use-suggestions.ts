import { completionContext } from '@clew/traceql';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { loadAttributes, loadAttributeValues, type TimeRange } from '../../client/api.ts';
import { buildSuggestions, type Suggestion, sourceOf } from './suggestions.ts';

const TYPING_MS = 120;

/** What may stand at the cursor, with keys and values from the server; asks only while `open`. */
export function useSuggestions(
  text: string,
  cursor: number,
  open: boolean,
  range: TimeRange,
): {
  readonly context: ReturnType<typeof completionContext>;
  readonly suggestions: readonly Suggestion[];
  readonly loading: boolean;
} {
  const context = useMemo(() => completionContext(text, cursor), [text, cursor]);
  const source = sourceOf(context);
  const settled = useSettled(JSON.stringify(source), TYPING_MS);
  const ready = settled === JSON.stringify(source);
  const contains = source.kind === 'keys' ? source.contains : '';
  const name = source.kind === 'values' ? source.name : '';
  const prefix = source.kind === 'values' ? source.prefix : '';
  const keys = useQuery({
    queryKey: ['attributes', contains, range],
    queryFn: ({ signal }) => loadAttributes(contains, range, signal),
    enabled: open && ready && source.kind === 'keys',
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
  const values = useQuery({
    queryKey: ['values', name, prefix, range],
    queryFn: ({ signal }) => loadAttributeValues(name, prefix, undefined, range, signal),
    enabled: open && ready && source.kind === 'values',
    staleTime: 60_000,
  });
  const suggestions = useMemo(
    () =>
      buildSuggestions(
        context,
        source.kind === 'keys' ? keys.data : undefined,
        source.kind === 'values' ? values.data : undefined,
      ),
    [context, source.kind, keys.data, values.data],
  );
  return { context, suggestions, loading: open && (keys.isFetching || values.isFetching) };
}

/** The value once it has not changed for a while. */
function useSettled(value: string, delayMs: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), delayMs);
    return () => clearTimeout(timer);
  }, [value, delayMs]);
  return settled;
}
