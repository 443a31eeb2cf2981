/** The ways to look at one trace; the first is the default and not in the URL. */
export const TRACE_VIEWS = ['waterfall', 'flame', 'heavy', 'table', 'map', 'events'] as const;

export type TraceView = (typeof TRACE_VIEWS)[number];

export function parseTraceView(value: string): TraceView {
  return TRACE_VIEWS.find((view) => view === value) ?? 'waterfall';
}
