import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { text } from '../../text/catalogue.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { MAX_LISTED_EVENTS, type TraceEvents } from '../../tracefile/trace-events.ts';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { staleProps } from '../../widgets/stale-props.ts';
import { EventsView } from './events-view.ts';
import { useTraceSource } from './trace-source.ts';
import type { TraceSummary } from './trace-summary.ts';
import './events-panel.css';

const TYPING_MS = 200;

interface EventsPanelProps {
  readonly trace: TraceModel;
  readonly summary: TraceSummary;
  readonly selectedRow: number;
  /** What events must contain. */
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  readonly onOpen: (row: number) => void;
}

/** The events of all spans of a trace, by time. */
export function EventsPanel(props: EventsPanelProps) {
  const { trace, filter } = props;
  const { columns } = trace;
  const source = useTraceSource();
  const expected = useMemo(() => columns.eventCount.reduce((sum, count) => sum + count, 0), [columns]);
  const events = useQuery({
    queryKey: ['events', source.key, columns.traceId, filter],
    queryFn: () => source.loadEvents(columns, filter),
    enabled: expected > 0,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    structuralSharing: false,
    retry: false,
  });
  if (expected === 0) {
    return (
      <div className="events-panel notice">
        <p>{text.events.none}</p>
        <p className="notice-muted">{text.events.noneHint}</p>
      </div>
    );
  }
  const found = events.data;
  const listed = found?.name.length ?? 0;
  return (
    <div className="events-panel">
      <div className="events-head">
        <EventFilter filter={filter} onFilter={props.onFilter} />
        <span className="muted" role="status">
          {found === undefined
            ? text.events.count(expected)
            : filter === ''
              ? text.events.count(found.totalCount)
              : text.events.matched(found.matchedCount, found.totalCount)}
        </span>
        {found !== undefined && found.matchedCount > listed && (
          <span className="events-cut">{text.events.listed(MAX_LISTED_EVENTS)}</span>
        )}
      </div>
      <div {...staleProps(events.isPlaceholderData, 'events-body')}>
        {events.isFetching && <div className="progress" />}
        {events.error !== null && <ProblemMessage error={events.error} onRetry={() => void events.refetch()} />}
        {found !== undefined && listed === 0 && <p className="events-none">{text.events.noMatch}</p>}
        {found !== undefined && <EventsHost {...props} events={found} />}
        {found === undefined && events.error === null && (
          <p className="visually-hidden" role="status">
            {text.events.loading}
          </p>
        )}
      </div>
    </div>
  );
}

function EventFilter(props: { readonly filter: string; readonly onFilter: (filter: string) => void }) {
  const { filter, onFilter } = props;
  const [typed, setTyped] = useState(filter);
  useEffect(() => setTyped(filter), [filter]);
  useEffect(() => {
    if (typed === filter) return;
    const timer = setTimeout(() => onFilter(typed), TYPING_MS);
    return () => clearTimeout(timer);
  });
  return (
    <input
      type="search"
      className="field"
      aria-label={text.events.filter}
      placeholder={text.events.filter}
      value={typed}
      spellCheck={false}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}

function EventsHost(props: EventsPanelProps & { readonly events: TraceEvents }) {
  const { trace, summary, selectedRow, events } = props;
  const host = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<EventsView | undefined>();
  const latest = useRef(props.onOpen);
  latest.current = props.onOpen;
  useEffect(() => {
    const built = new EventsView(trace.columns, summary.colours, (row) => latest.current(row));
    host.current?.append(built.element);
    setView(built);
    return () => built.destroy();
  }, [trace, summary]);
  useEffect(() => view?.setEvents(events), [view, events]);
  useEffect(() => view?.setSelected(selectedRow), [view, selectedRow, events]);
  return <div className="events-host" ref={host} />;
}
