import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import type { TimeRange } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { storeSettings } from '../../widgets/stored-settings.ts';
import { useMedia } from '../../widgets/use-media.ts';
import { useSettings } from '../../widgets/use-settings.ts';
import { useTitle } from '../../widgets/use-title.ts';
import { listedSearch } from '../overview/listed-search.ts';
import { ExploreAnswer } from './explore-answer.tsx';
import { ExploreBar } from './explore-bar.tsx';
import { DEFAULT_FROM, DEFAULT_TO, type ExploreSearch, parseExploreSearch } from './explore-search.ts';
import { FacetsPanel } from './facets/facets-panel.tsx';
import { formatColumns, parseColumns } from './found/columns.ts';
import { useExploreResults } from './found/use-explore-results.ts';
import { queryKindOf } from './query-kind.ts';
import { findMistake, mistakeOfProblem } from './query-mistake.ts';
import { withRecent } from './saved/saved-queries.ts';
import { changeSaved } from './saved/use-saved-queries.ts';
import { useSettledDraft } from './use-settled-draft.ts';
import './explore.css';
import './explore-body.css';

const MetricsPanel = lazy(async () => ({ default: (await import('../series/metrics-panel.tsx')).MetricsPanel }));

const LiveResults = lazy(async () => ({ default: (await import('./live/live-results.tsx')).LiveResults }));

/** From here on the facets stand beside the results without being asked for. */
const WIDE = '(min-width: 1280px)';

/** Find traces and spans: a query, a time range, how they are spread over it, the list. */
export function ExplorePage() {
  const search = useSearch({ from: '/explore' });
  const navigate = useNavigate();
  const query = search.q ?? '';
  const range: TimeRange = { from: search.from ?? DEFAULT_FROM, to: search.to ?? DEFAULT_TO };
  const [draft, setDraft] = useState(query);
  const { isSettled, settle } = useSettledDraft(draft);
  useTitle(query === '' ? text.explore.page : `${query} · ${text.explore.page}`);
  useEffect(() => {
    setDraft(query);
    settle(query);
    if (findMistake(query) === undefined) changeSaved((now) => withRecent(now, query));
  }, [query, settle]);

  const kind = useMemo(() => queryKindOf(query), [query]);
  const [round, setRound] = useState(0);
  const isLive = search.live === '1' && kind.kind === 'traces';
  const listed = useMemo(() => listedSearch(query, range, search.sel), [query, range.from, range.to, search.sel]);
  const results = useExploreResults({
    query: listed.query,
    range: listed.range,
    isSpans: search.res === 'spans',
    sort: search.sort ?? 'newest',
    cols: search.cols ?? '',
    round,
    isSearch: kind.kind === 'traces' && !isLive,
  });

  const update = (change: Partial<Record<keyof ExploreSearch, string>>): void => {
    void navigate({ to: '/explore', search: (now) => parseExploreSearch({ ...now, ...change }), resetScroll: false });
  };
  const again = (): void => {
    setRound((now) => now + 1);
    if (kind.kind !== 'metrics' && !isLive) void results.again();
  };
  const run = (next: string): void => {
    setDraft(next);
    settle(next);
    if (findMistake(next) !== undefined) return;
    if (next.trim() === query) again();
    else update({ q: next, sel: '' });
  };
  const mistake = isSettled
    ? (findMistake(draft) ?? (draft === query ? mistakeOfProblem(results.error) : undefined))
    : undefined;

  const isWide = useMedia(WIDE);
  const { facets } = useSettings();
  // In a narrow window they are in the way: shown there when asked for, until the page is left.
  const [isNarrowShown, setNarrowShown] = useState(false);
  const hasFacets = (isWide ? facets : isNarrowShown) && kind.kind === 'traces' && !isLive;
  const showFacets = (isShown: boolean): void => {
    if (isWide) storeSettings({ facets: isShown });
    else setNarrowShown(isShown);
  };

  return (
    <div className="explore">
      <h1 className="visually-hidden">{text.explore.page}</h1>
      <ExploreBar
        draft={draft}
        query={query}
        range={range}
        mistake={mistake}
        isLive={isLive}
        isTraces={kind.kind === 'traces'}
        hasFacets={hasFacets}
        onDraft={setDraft}
        onRun={run}
        onRange={({ from, to }) => update({ from, to, sel: '', live: '' })}
        onLive={(live) => update({ live: live ? '1' : '', sel: '' })}
        onFacets={showFacets}
      />
      <div className={`explore-body${hasFacets ? ' has-facets' : ''}`}>
        {hasFacets && (
          <FacetsPanel query={query} range={range} round={round} onQuery={run} onHide={() => showFacets(false)} />
        )}
        {kind.kind === 'metrics' ? (
          <div className="explore-answer">
            <Suspense fallback={<div className="progress" />}>
              <MetricsPanel query={query} range={range} unit={kind.unit} round={round} />
            </Suspense>
          </div>
        ) : isLive ? (
          <div className="explore-answer">
            <Suspense fallback={<div className="progress" />}>
              <LiveResults
                query={query}
                hasSets={kind.hasSets}
                columns={search.res === 'spans' ? parseColumns(search.cols ?? '') : undefined}
                onColumns={(columns) => update({ cols: formatColumns(columns) })}
              />
            </Suspense>
          </div>
        ) : (
          <ExploreAnswer
            query={query}
            range={range}
            round={round}
            search={search}
            selection={listed.selection}
            results={results}
            hasSets={kind.hasSets}
            onUpdate={update}
            onQuery={run}
            onAgain={again}
          />
        )}
      </div>
    </div>
  );
}
