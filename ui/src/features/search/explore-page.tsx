import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import type { TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { useTitle } from '../../widgets/use-title.ts';
import { listedSearch } from '../overview/listed-search.ts';
import { formatSelection, type Selection } from '../overview/overview-search.ts';
import { EmptyResults } from './empty-results.tsx';
import { DEFAULT_FROM, DEFAULT_TO, type ExploreSearch, parseExploreSearch } from './explore-search.ts';
import { QueryBox } from './query-box.tsx';
import { queryKindOf } from './query-kind.ts';
import { findMistake, mistakeOfProblem } from './query-mistake.ts';
import { QueryShortcuts } from './query-shortcuts.tsx';
import { ResultList } from './result-list.tsx';
import { ScanLine } from './scan-line.tsx';
import { ScatterPanel } from './scatter-panel.tsx';
import { absoluteRange } from './time-range.ts';
import { TimeRangePicker } from './time-range-picker.tsx';
import { useSearchResults } from './use-search-results.ts';
import './explore.css';

const MetricsPanel = lazy(async () => ({ default: (await import('../series/metrics-panel.tsx')).MetricsPanel }));

const OverviewCharts = lazy(async () => ({ default: (await import('../overview/overview.tsx')).OverviewCharts }));

/** A pause in typing this long shows what is wrong with the text. */
const MISTAKE_AFTER_MS = 700;

/** Find traces: a query, a time range, their durations over time, the list. */
export function ExplorePage() {
  const search = useSearch({ from: '/explore' });
  const navigate = useNavigate();
  const query = search.q ?? '';
  const range: TimeRange = { from: search.from ?? DEFAULT_FROM, to: search.to ?? DEFAULT_TO };
  const [draft, setDraft] = useState(query);
  const [checked, setChecked] = useState(query);
  useTitle(query === '' ? text.explore.page : `${query} · ${text.explore.page}`);
  useEffect(() => {
    setDraft(query);
    setChecked(query);
  }, [query]);
  useEffect(() => {
    const timer = setTimeout(() => setChecked(draft), MISTAKE_AFTER_MS);
    return () => clearTimeout(timer);
  }, [draft]);

  const kind = useMemo(() => queryKindOf(query), [query]);
  const [round, setRound] = useState(0);
  const listed = useMemo(() => listedSearch(query, range, search.sel), [query, range.from, range.to, search.sel]);
  const results = useSearchResults(listed.query, listed.range, kind.kind === 'traces');
  const { traces, notes, statistics } = results;
  const { data, error, isPlaceholderData, isFetching, hasNextPage, isFetchingNextPage } = results.search;

  const update = (change: Partial<Record<keyof ExploreSearch, string>>): void => {
    void navigate({ to: '/explore', search: (now) => parseExploreSearch({ ...now, ...change }), resetScroll: false });
  };
  const run = (next: string): void => {
    setDraft(next);
    setChecked(next);
    if (findMistake(next) !== undefined) return;
    if (next.trim() === query) {
      setRound((now) => now + 1);
      if (kind.kind !== 'metrics') void results.again();
    } else update({ q: next, sel: '' });
  };
  const setRange = ({ from, to }: TimeRange): void => update({ from, to, sel: '' });
  const setTime = (fromMs: number, toMs: number): void => setRange(absoluteRange(fromMs, toMs));
  const zoomInto = (selection: Selection): void => {
    const { query: q, range: within } = listedSearch(query, range, formatSelection(selection));
    update({ q, ...within, sel: '' });
  };
  const mistake =
    checked === draft ? (findMistake(draft) ?? (draft === query ? mistakeOfProblem(error) : undefined)) : undefined;
  const failed = error !== null && mistakeOfProblem(error) === undefined ? error : undefined;

  return (
    <div className="explore">
      <h1 className="visually-hidden">{text.explore.page}</h1>
      <search className="explore-bar">
        <div className="explore-query">
          <QueryBox value={draft} range={range} mistake={mistake} onChange={setDraft} onRun={run} />
          <button type="button" className="button is-primary" title={text.explore.runHint} onClick={() => run(draft)}>
            {text.explore.run}
          </button>
        </div>
        <div className="explore-controls">
          <QueryShortcuts query={draft} range={range} onQuery={run} />
          <TimeRangePicker range={range} onRange={setRange} />
        </div>
      </search>
      {kind.kind === 'metrics' ? (
        <div className="explore-answer">
          <Suspense fallback={<div className="progress" />}>
            <MetricsPanel query={query} range={range} unit={kind.unit} round={round} />
          </Suspense>
        </div>
      ) : (
        <div className="explore-answer">
          {isFetching && <div className="progress" />}
          {failed !== undefined && <ProblemMessage error={failed} onRetry={() => void results.again()} />}
          {data === undefined && isFetching && (
            <p className="visually-hidden" role="status">
              {text.shell.loading}
            </p>
          )}
          {statistics !== undefined && traces.length === 0 && !isFetching && (
            <EmptyResults query={query} range={range} statistics={statistics} onQuery={run} onRange={setRange} />
          )}
          <Suspense fallback={<div className="explore-charts" />}>
            <OverviewCharts
              query={query}
              range={range}
              round={round}
              search={search}
              selection={listed.selection}
              isListWhole={data === undefined ? undefined : !hasNextPage}
              scatter={
                traces.length > 0 && (
                  <div className={isPlaceholderData ? 'is-stale' : ''}>
                    <ScatterPanel
                      traces={traces}
                      range={results.resolved}
                      more={hasNextPage}
                      onTrace={(traceId) => void navigate({ to: '/trace/$traceId', params: { traceId } })}
                      onBrush={setTime}
                    />
                  </div>
                )
              }
              onView={(viz) => update({ viz })}
              onErrors={(errors) => update({ errors })}
              onSelect={(selection) => update({ sel: selection === undefined ? '' : formatSelection(selection) })}
              onTime={setTime}
              onZoom={zoomInto}
              onQuery={run}
            />
          </Suspense>
          {traces.length > 0 && (
            <ResultList
              traces={traces}
              more={hasNextPage}
              loadingMore={isFetchingNextPage}
              stale={isPlaceholderData}
              // What the query before found says nothing of this one's matches.
              filtered={query !== '' && !isPlaceholderData}
              hasSets={kind.hasSets}
              sort={search.sort ?? 'newest'}
              onSort={(sort) => update({ sort })}
              onMore={() => void results.search.fetchNextPage()}
            />
          )}
          {notes.map((note) => (
            <p key={note} className="explore-note">
              {note}
            </p>
          ))}
          {statistics !== undefined && <ScanLine statistics={statistics} />}
        </div>
      )}
    </div>
  );
}
