import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { loadMetrics, type TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { staleProps } from '../../widgets/stale-props.ts';
import { ErrorBars } from './error-bars.tsx';
import { ErrorGroups } from './error-groups.tsx';
import { errorStacks } from './error-stacks.ts';
import { tryErrorsQuery } from './overview-query.ts';
import { ERROR_GROUPS, type ErrorGroup } from './overview-search.ts';
import type { TimeCursor } from './time-cursor.ts';
import '../series/series.css';
import './errors-panel.css';

const words = text.overview.errorPanel;

/** Errors over time, told apart by service, operation or message; each group leads to its traces. */
export function ErrorsPanel(props: {
  readonly query: string;
  readonly range: TimeRange;
  readonly round: number;
  readonly stepMs: number;
  readonly group: ErrorGroup;
  readonly cursor: TimeCursor;
  /** What stands above, beside the choice of groups. */
  readonly head: ReactNode;
  readonly onGroup: (group: ErrorGroup) => void;
  readonly onTime: (fromMs: number, toMs: number) => void;
  readonly onQuery: (query: string) => void;
}) {
  const { query, range, group, stepMs } = props;
  const errorsQuery = useMemo(() => tryErrorsQuery(query, group), [query, group]);
  const asked = useQuery({
    queryKey: ['errors', errorsQuery, range.from, range.to, stepMs, props.round],
    queryFn: ({ signal }) => loadMetrics({ query: errorsQuery ?? '', ...range, stepMs }, signal),
    enabled: errorsQuery !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
    staleTime: 60_000,
  });
  const { data, error, isPlaceholderData } = asked;
  const stacks = useMemo(() => (data === undefined ? [] : errorStacks(data)), [data]);
  const startMs = data === undefined ? 0 : Number(BigInt(data.startUnixNano) / 1_000_000n);
  const columns = data?.pointCount ?? 0;
  const grid = useMemo(() => ({ startMs, stepMs, columns }), [startMs, stepMs, columns]);
  return (
    <>
      <header className="overview-head">
        {props.head}
        <GroupChoice group={group} onGroup={props.onGroup} />
      </header>
      <div {...staleProps(isPlaceholderData, 'errors-panel')}>
        {error !== null && <ProblemMessage error={error} onRetry={() => void asked.refetch()} />}
        {data !== undefined && stacks.length === 0 && <p className="errors-none">{words.none}</p>}
        {stacks.length > 0 && (
          <>
            <ErrorBars stacks={stacks} grid={grid} cursor={props.cursor} onTime={props.onTime} />
            <ErrorGroups stacks={stacks} query={query} onQuery={props.onQuery} />
          </>
        )}
        {(data?.notes ?? []).map((note) => (
          <p key={note} className="overview-note">
            {note}
          </p>
        ))}
      </div>
    </>
  );
}

function GroupChoice(props: { readonly group: ErrorGroup; readonly onGroup: (group: ErrorGroup) => void }) {
  return (
    <label className="errors-by">
      {words.by}
      <select
        className="field"
        value={props.group}
        onChange={(event) => props.onGroup(ERROR_GROUPS.find((one) => one === event.target.value) ?? 'service')}
      >
        {ERROR_GROUPS.map((one) => (
          <option key={one} value={one}>
            {words.group[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
