import type { FoundAttribute } from '@clew/contract';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { loadMetrics, type TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { formatCount } from '../../text/format-count.ts';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { attributeValue } from '../series/series-label.ts';
import { formatSpell } from './describe-cells.ts';
import { type ErrorStack, errorStacks, stackPaths } from './error-stacks.ts';
import { tryErrorsOf, tryErrorsQuery } from './overview-query.ts';
import { ERROR_GROUPS, type ErrorGroup } from './overview-search.ts';
import { RedChart } from './red-chart.tsx';
import type { TimeCursor } from './time-cursor.ts';
import '../series/series.css';

const WIDTH = 1000;
const HEIGHT = 150;
const words = text.overview.errorPanel;

/** Errors over time, told apart by service, operation or message; each group leads to its traces. */
export function ErrorsPanel(props: {
  readonly query: string;
  readonly range: TimeRange;
  readonly round: number;
  readonly stepMs: number;
  readonly group: ErrorGroup;
  readonly cursor: TimeCursor;
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
    <div className={`errors-panel${isPlaceholderData ? ' is-stale' : ''}`}>
      <GroupChoice group={group} onGroup={props.onGroup} />
      {error !== null && <ProblemMessage error={error} onRetry={() => void asked.refetch()} />}
      {data !== undefined && stacks.length === 0 && <p className="errors-none">{words.none}</p>}
      {stacks.length > 0 && (
        <>
          <Bars stacks={stacks} grid={grid} cursor={props.cursor} onTime={props.onTime} />
          <ErrorGroups stacks={stacks} query={query} group={group} onQuery={props.onQuery} />
        </>
      )}
      {(data?.notes ?? []).map((note) => (
        <p key={note} className="overview-note">
          {note}
        </p>
      ))}
    </div>
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

function Bars(props: {
  readonly stacks: readonly ErrorStack[];
  readonly grid: { readonly startMs: number; readonly stepMs: number; readonly columns: number };
  readonly cursor: TimeCursor;
  readonly onTime: (fromMs: number, toMs: number) => void;
}) {
  const { stacks, grid } = props;
  const paths = useMemo(() => stackPaths(stacks, WIDTH, HEIGHT), [stacks]);
  const figures = (column: number | undefined): string => {
    const total = stacks.reduce((sum, one) => sum + (column === undefined ? one.total : one.values[column]), 0);
    const most = column === undefined ? undefined : largestAt(stacks, column);
    return `${text.overview.errorCount(total)}${most === undefined ? '' : ` · ${words.mostly(labelOf(most), most.values[column ?? 0])}`}`;
  };
  return (
    <RedChart
      title={text.overview.errors}
      label={text.overview.strip.errors}
      grid={grid}
      height={HEIGHT}
      figures={figures}
      time={(column) => {
        const begin = grid.startMs + column * grid.stepMs;
        return formatSpell(begin, begin + grid.stepMs);
      }}
      top=""
      cursor={props.cursor}
      onZoom={props.onTime}
    >
      {paths.map((path, at) => (
        <path key={at} d={path} className={`errors-bars ${classOf(stacks[at], at)}`} />
      ))}
    </RedChart>
  );
}

function largestAt(stacks: readonly ErrorStack[], column: number): ErrorStack | undefined {
  const largest = stacks.reduce((a, b) => (b.values[column] > a.values[column] ? b : a));
  return largest.values[column] > 0 ? largest : undefined;
}

/** The legend with its numbers; a click narrows the query to the group. */
function ErrorGroups(props: {
  readonly stacks: readonly ErrorStack[];
  readonly query: string;
  readonly group: ErrorGroup;
  readonly onQuery: (query: string) => void;
}) {
  const { stacks, query } = props;
  const total = stacks.reduce((sum, one) => sum + one.total, 0);
  return (
    <ul className="errors-groups" aria-label={words.groups}>
      {stacks.map((stack, at) => {
        const narrowed = stack.labels.length === 0 ? undefined : tryErrorsOf(query, stack.labels);
        const share = total === 0 ? 0 : Math.round((100 * stack.total) / total);
        return (
          <li key={labelOf(stack)}>
            <i className={`errors-mark ${classOf(stack, at)}`} aria-hidden="true" />
            {narrowed === undefined ? (
              <span className="errors-name">{labelOf(stack)}</span>
            ) : (
              <button
                type="button"
                className="link-button errors-name"
                title={words.narrow}
                onClick={() => props.onQuery(narrowed)}
              >
                {labelOf(stack)}
              </button>
            )}
            <span className="errors-count">{`${formatCount(Math.round(stack.total))} · ${share} %`}</span>
          </li>
        );
      })}
    </ul>
  );
}

function classOf({ labels }: ErrorStack, index: number): string {
  return labels.length === 0 ? 'is-rest' : `is-series-${index}`;
}

function labelOf({ labels, groups }: ErrorStack): string {
  if (labels.length === 0) return words.rest(groups);
  return labels.map((label) => (isEmpty(label) ? words.unnamed : attributeValue(label))).join(' · ');
}

function isEmpty({ type, value }: FoundAttribute): boolean {
  return type === 'nil' || value === '';
}
