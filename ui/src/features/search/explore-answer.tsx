import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import type { TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { staleProps } from '../../widgets/stale-props.ts';
import { listedSearch } from '../overview/listed-search.ts';
import { formatSelection, type Selection } from '../overview/overview-search.ts';
import { EmptyResults } from './empty-results.tsx';
import type { ExploreSearch } from './explore-search.ts';
import { formatColumns } from './found/columns.ts';
import { FoundResults } from './found/found-results.tsx';
import { ResultsSkeleton } from './found/results-skeleton.tsx';
import { SamplingLine } from './found/sampling-line.tsx';
import type { ExploreResults } from './found/use-explore-results.ts';
import { mistakeOfProblem } from './query-mistake.ts';
import { ScanLine } from './scan-line.tsx';
import { ScatterPanel } from './scatter-panel.tsx';
import { absoluteRange } from './time-range.ts';

const OverviewCharts = lazy(async () => ({ default: (await import('../overview/overview.tsx')).OverviewCharts }));

/** What a query of spans found: charts of all of it, then the list. */
export function ExploreAnswer(props: {
  readonly query: string;
  readonly range: TimeRange;
  readonly round: number;
  readonly search: ExploreSearch;
  readonly selection: Selection | undefined;
  readonly results: ExploreResults;
  readonly hasSets: boolean;
  readonly onUpdate: (change: Partial<Record<keyof ExploreSearch, string>>) => void;
  readonly onQuery: (query: string) => void;
  /** Asks everything again. */
  readonly onAgain: () => void;
}) {
  const { query, range, search, results, onUpdate } = props;
  const navigate = useNavigate();
  const { traces, error, statistics, notes } = results;
  const setRange = ({ from, to }: TimeRange): void => onUpdate({ from, to, sel: '' });
  const setTime = (fromMs: number, toMs: number): void => setRange(absoluteRange(fromMs, toMs));
  const zoomInto = (selection: Selection): void => {
    const { query: q, range: within } = listedSearch(query, range, formatSelection(selection));
    onUpdate({ q, ...within, sel: '' });
  };
  const failed = error !== null && mistakeOfProblem(error) === undefined ? error : undefined;
  return (
    <div className="explore-answer">
      {results.isFetching && <div className="progress" />}
      {failed !== undefined && <ProblemMessage error={failed} onRetry={props.onAgain} />}
      {statistics === undefined && results.isFetching && (
        <p className="visually-hidden" role="status">
          {text.shell.loading}
        </p>
      )}
      {statistics !== undefined && results.shownCount === 0 && !results.isFetching && (
        <EmptyResults
          query={query}
          range={range}
          statistics={statistics}
          notes={notes}
          onQuery={props.onQuery}
          onRange={setRange}
        />
      )}
      {/* What failed is said once: the charts ask the same server. */}
      {failed === undefined && (
        <Suspense fallback={<div className="explore-charts" />}>
          <OverviewCharts
            query={query}
            range={range}
            round={props.round}
            search={search}
            selection={props.selection}
            isListWhole={results.isSpans ? false : statistics === undefined ? undefined : !results.hasMore}
            scatter={
              traces.length > 0 && (
                <div {...staleProps(results.isStale, '', results.isFetching)}>
                  <ScatterPanel
                    traces={traces}
                    range={results.resolved}
                    more={results.hasMore}
                    onTrace={(traceId) => void navigate({ to: '/trace/$traceId', params: { traceId } })}
                    onBrush={setTime}
                  />
                </div>
              )
            }
            onView={(viz) => onUpdate({ viz })}
            onErrors={(errors) => onUpdate({ errors })}
            onSelect={(selection) => onUpdate({ sel: selection === undefined ? '' : formatSelection(selection) })}
            onTime={setTime}
            onZoom={zoomInto}
            onQuery={props.onQuery}
          />
        </Suspense>
      )}
      {statistics === undefined && results.isFetching && <ResultsSkeleton />}
      {results.shownCount > 0 && (
        <FoundResults
          results={results}
          range={range}
          sort={search.sort ?? 'newest'}
          // What the query before found says nothing of this one's matches.
          isFiltered={query !== '' && !results.isStale}
          hasSets={props.hasSets}
          onSpans={(isSpans) => onUpdate({ res: isSpans ? 'spans' : '' })}
          onSort={(sort) => onUpdate({ sort })}
          onColumns={(columns) => onUpdate({ cols: formatColumns(columns) })}
        />
      )}
      {results.shownCount > 0 &&
        notes.map((note) => (
          <p key={note} className="explore-note">
            {note}
          </p>
        ))}
      {statistics !== undefined && (
        <>
          <SamplingLine statistics={statistics} />
          <ScanLine statistics={statistics} />
        </>
      )}
    </div>
  );
}
