import type { ReadStatistics } from '@clew/contract';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { loadServices, type TimeRange } from '../../client/api.ts';
import { statusQuery } from '../../client/status-query.ts';
import { text } from '../../text/catalogue.ts';
import { formatAgo } from '../../text/format-time.ts';
import { PRESETS, rangeLabel, widerPreset } from './time-range.ts';

const EVER: TimeRange = { from: PRESETS[PRESETS.length - 1], to: 'now' };

/** The store knows the day a service was last seen: of today that would say nothing, or something wrong. */
const LAST_SEEN_WORTH_MS = 86_400_000;

/** Nothing found: why, and one click to what is likely to find something. */
export function EmptyResults(props: {
  readonly query: string;
  readonly range: TimeRange;
  readonly statistics: ReadStatistics;
  /** What may be wrong with the question. */
  readonly notes: readonly string[];
  readonly onQuery: (query: string) => void;
  readonly onRange: (range: TimeRange) => void;
}) {
  const { query, range } = props;
  const status = useQuery(statusQuery);
  const services = useQuery({
    queryKey: ['services', EVER],
    queryFn: ({ signal }) => loadServices(EVER, signal),
    staleTime: 30_000,
  });
  const { empty } = text.explore;
  const now = Date.now();
  if (status.data?.hasSpans === false) {
    return (
      <div className="notice">
        <h2>{empty.nothing}</h2>
        <p>{empty.nothingWhy}</p>
        <Link to="/setup" className="button is-primary">
          {empty.setup}
        </Link>
      </div>
    );
  }
  const longest = PRESETS[PRESETS.length - 1];
  const wider = widerPreset(range, now) ?? (range.from === longest ? undefined : longest);
  const label = rangeLabel(range, now);
  const lastSeen = Math.max(0, ...(services.data?.services ?? []).map((service) => Date.parse(service.lastSeenDay)));
  return (
    <div className="notice">
      <h2>{query === '' ? empty.noTime : empty.filtered}</h2>
      <p>{query === '' ? empty.noTimeWhy(label) : empty.filteredWhy(label)}</p>
      {props.notes.map((note) => (
        <p key={note} className="notice-hint">
          {note}
        </p>
      ))}
      {!props.statistics.complete && <p>{text.explore.incompleteEmpty}</p>}
      {lastSeen > 0 && now - lastSeen > LAST_SEEN_WORTH_MS && (
        <p className="notice-muted">{empty.lastSeen(formatAgo(lastSeen, now))}</p>
      )}
      <div className="notice-actions">
        {wider !== undefined && (
          <button type="button" className="button is-primary" onClick={() => props.onRange({ from: wider, to: 'now' })}>
            {empty.wider(text.explore.time.last[wider])}
          </button>
        )}
        {query !== '' && (
          <button type="button" className="button" onClick={() => props.onQuery('')}>
            {empty.clear}
          </button>
        )}
      </div>
    </div>
  );
}
