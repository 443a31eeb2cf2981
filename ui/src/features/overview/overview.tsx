import type { MetricsStatistics } from '@clew/contract';
import { type ReactNode, useState } from 'react';
import type { TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { staleProps } from '../../widgets/stale-props.ts';
import { DeploymentList } from './deployment-list.tsx';
import { ErrorsPanel } from './errors-panel.tsx';
import { HeatPanel } from './heat-panel.tsx';
import type { Overview } from './overview-model.ts';
import type { ErrorGroup, OverviewSearch, OverviewView, Selection } from './overview-search.ts';
import { OverviewTable } from './overview-table.tsx';
import { RedStrip } from './red-strip.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { TimeCursor } from './time-cursor.ts';
import { useDeployments } from './use-deployments.ts';
import { useOverview } from './use-overview.ts';
import { ViewChoice } from './view-choice.tsx';
import './overview.css';

/** Up to so many spans points tell more than cells do. */
export const MOST_FOR_SCATTER = 2_000;

/** More rows are not read once more for the sake of markers. */
const MAX_ROWS_FOR_MARKERS = 20_000_000;

export interface OverviewChartsProps {
  readonly query: string;
  readonly range: TimeRange;
  /** Changes when the query is to be asked again. */
  readonly round: number;
  readonly search: OverviewSearch;
  readonly selection: Selection | undefined;
  /** The listed traces as points; false while there are none. */
  readonly scatter: ReactNode;
  /** Whether the list holds every trace there is; undefined while that is not known. */
  readonly isListWhole: boolean | undefined;
  readonly onView: (view: OverviewView) => void;
  readonly onErrors: (group: ErrorGroup) => void;
  readonly onSelect: (selection: Selection | undefined) => void;
  readonly onTime: (fromMs: number, toMs: number) => void;
  /** Takes a selection over into query and range. */
  readonly onZoom: (selection: Selection) => void;
  /** Runs another query. */
  readonly onQuery: (query: string) => void;
}

/** How the query's spans are spread over time and duration, above the results. */
export function OverviewCharts(props: OverviewChartsProps) {
  const { query, range, selection } = props;
  const [cursor] = useState(() => new TimeCursor());
  const { overview, statistics, isFetching, isStale, error, retry } = useOverview(
    query,
    range,
    props.round,
    props.isListWhole !== undefined,
  );
  const isCheap =
    statistics?.complete === true && statistics.rowsRead <= MAX_ROWS_FOR_MARKERS && !isStale && !isFetching;
  const deployments = useDeployments(query, range, overview?.stepMs ?? 0, isCheap && (overview?.total ?? 0) > 0);
  const words = text.overview;
  if (error !== null && overview === undefined) {
    return (
      <p className="overview-note">
        {words.failed(error.message)}{' '}
        <button type="button" className="link-button" onClick={retry}>
          {words.retry}
        </button>
      </p>
    );
  }
  if (overview === undefined)
    return <div className="overview-waiting">{isFetching && <div className="progress" />}</div>;
  if (overview.total === 0 && !isFetching && statistics?.complete !== false) return props.scatter;
  return (
    <section {...staleProps(isStale, 'overview')} aria-label={words.label}>
      {isFetching && <div className="progress" />}
      <RedStrip overview={overview} deployments={deployments} cursor={cursor} onZoom={props.onTime} />
      <DeploymentList deployments={deployments} />
      <Chart {...props} overview={overview} cursor={cursor} />
      {selection !== undefined && (
        <SelectionBar
          query={query}
          range={range}
          selection={selection}
          onZoom={() => props.onZoom(selection)}
          onClear={() => props.onSelect(undefined)}
        />
      )}
      <Notes statistics={statistics} />
    </section>
  );
}

function Chart(props: OverviewChartsProps & { readonly overview: Overview; readonly cursor: TimeCursor }) {
  const { query, range, search, selection, overview, cursor } = props;
  const view = search.viz ?? viewThatFits(props);
  const choice = <ViewChoice chosen={view} onChoose={props.onView} />;
  if (view === 'heat' && overview.hasDurations) {
    return (
      <HeatPanel overview={overview} selection={selection} cursor={cursor} head={choice} onSelect={props.onSelect} />
    );
  }
  if (view === 'errors') {
    return (
      <ErrorsPanel
        query={query}
        range={range}
        round={props.round}
        stepMs={overview.stepMs}
        group={search.errors ?? 'service'}
        cursor={cursor}
        head={choice}
        onGroup={props.onErrors}
        onTime={props.onTime}
        onQuery={props.onQuery}
      />
    );
  }
  return (
    <>
      <header className="overview-head">{choice}</header>
      {view === undefined && <div className="heat-host" />}
      {view === 'table' && <OverviewTable overview={overview} />}
      {view === 'scatter' && props.scatter}
    </>
  );
}

/** Points while there are few, else cells; undefined while it is not known how many there are. */
function viewThatFits({
  overview,
  selection,
  isListWhole,
}: OverviewChartsProps & { readonly overview: Overview }): OverviewView | undefined {
  if (selection !== undefined || overview.total > MOST_FOR_SCATTER || isListWhole === false) return 'heat';
  return isListWhole === undefined ? undefined : 'scatter';
}

/** What the reader of the charts should know. */
function Notes({ statistics }: { readonly statistics: MetricsStatistics | undefined }) {
  const { incompleteReason, sampling } = statistics ?? {};
  return (
    <>
      {incompleteReason !== undefined && <p className="overview-note">{text.overview.incomplete(incompleteReason)}</p>}
      {sampling !== undefined && sampling.sampled > 0 && (
        <p className="overview-note is-muted">{text.overview.estimated(sampling.sampled, sampling.weight)}</p>
      )}
    </>
  );
}
