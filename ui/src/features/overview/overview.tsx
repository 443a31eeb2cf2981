import type { ReactNode } from 'react';
import { useState } from 'react';
import type { TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { ErrorsPanel } from './errors-panel.tsx';
import { layoutHeat } from './heat-layout.ts';
import { HeatLegend } from './heat-legend.tsx';
import { HeatPanel } from './heat-panel.tsx';
import type { Overview } from './overview-model.ts';
import type { ErrorGroup, OverviewSearch, OverviewView, Selection } from './overview-search.ts';
import { OverviewTable } from './overview-table.tsx';
import { RedStrip } from './red-strip.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { TimeCursor } from './time-cursor.ts';
import { useOverview } from './use-overview.ts';
import { ViewChoice } from './view-choice.tsx';
import './overview.css';

/** Up to so many spans points tell more than cells do. */
export const MOST_FOR_SCATTER = 2_000;

/** How the query's spans are spread over time and duration, above the results. */
export function OverviewCharts(props: {
  readonly query: string;
  readonly range: TimeRange;
  /** Changes when the query is to be asked again. */
  readonly round: number;
  readonly search: OverviewSearch;
  readonly selection: Selection | undefined;
  /** The listed traces as points; false while there are none. */
  readonly scatter: ReactNode;
  /** Whether the list holds every trace there is. */
  readonly isListWhole: boolean;
  readonly onView: (view: OverviewView) => void;
  readonly onErrors: (group: ErrorGroup) => void;
  readonly onSelect: (selection: Selection | undefined) => void;
  readonly onTime: (fromMs: number, toMs: number) => void;
  /** Takes a selection over into query and range. */
  readonly onZoom: (selection: Selection) => void;
  /** Runs another query. */
  readonly onQuery: (query: string) => void;
}) {
  const { query, range, selection, search } = props;
  const [cursor] = useState(() => new TimeCursor());
  const { overview, statistics, isFetching, isStale, error, retry } = useOverview(query, range, props.round);
  const words = text.overview;
  if (error !== null && overview === undefined) {
    return (
      <p className="overview-note">
        {words.failed}{' '}
        <button type="button" className="link-button" onClick={retry}>
          {words.retry}
        </button>
      </p>
    );
  }
  if (overview === undefined)
    return <div className="overview-waiting">{isFetching && <div className="progress" />}</div>;
  if (overview.total === 0 && !isFetching) return props.scatter;
  const fits = overview.total <= MOST_FOR_SCATTER && props.isListWhole && Boolean(props.scatter);
  const view = search.viz ?? (fits && selection === undefined ? 'scatter' : 'heat');
  return (
    <section className={`overview${isStale ? ' is-stale' : ''}`} aria-label={words.label}>
      {isFetching && <div className="progress" />}
      <RedStrip overview={overview} cursor={cursor} onZoom={props.onTime} />
      <header className="overview-head">
        <ViewChoice chosen={view} onChoose={props.onView} />
        {view === 'heat' && <HeatHead overview={overview} />}
      </header>
      {view === 'heat' && (
        <HeatPanel overview={overview} selection={selection} cursor={cursor} onSelect={props.onSelect} />
      )}
      {view === 'table' && <OverviewTable overview={overview} />}
      {view === 'errors' && (
        <ErrorsPanel
          query={query}
          range={range}
          round={props.round}
          stepMs={overview.stepMs}
          group={search.errors ?? 'service'}
          cursor={cursor}
          onGroup={props.onErrors}
          onTime={props.onTime}
          onQuery={props.onQuery}
        />
      )}
      {view === 'scatter' && props.scatter}
      {selection !== undefined && (
        <SelectionBar
          query={query}
          range={range}
          selection={selection}
          onZoom={() => props.onZoom(selection)}
          onClear={() => props.onSelect(undefined)}
        />
      )}
      {statistics?.incompleteReason !== undefined && (
        <p className="overview-note">{words.incomplete(statistics.incompleteReason)}</p>
      )}
    </section>
  );
}

function HeatHead({ overview }: { readonly overview: Overview }) {
  return (
    <>
      <span className="overview-hint">{text.overview.heat.hint}</span>
      <HeatLegend largest={layoutHeat(overview, 1_000, 208).largest} />
    </>
  );
}
