import { useRef } from 'react';
import type { TimeRange } from '../../../client/api.ts';
import { text } from '../../../text/catalogue.ts';
import { useNow } from '../../../widgets/use-now.ts';
import type { Sort } from '../explore-search.ts';
import { ResultList } from '../result-list.tsx';
import { ColumnPicker } from './column-picker.tsx';
import { ResultsHead } from './results-head.tsx';
import { resultsTitle } from './results-title.ts';
import { SpanRows } from './span-rows.tsx';
import { stepRow } from './step-row.ts';
import type { ExploreResults } from './use-explore-results.ts';
import { useResultCommands } from './use-result-commands.ts';
import './found-results.css';

/** The list of what was found: traces or spans, page by page, with how many there are in all. */
export function FoundResults(props: {
  readonly results: ExploreResults;
  readonly range: TimeRange;
  readonly sort: Sort;
  readonly isFiltered: boolean;
  readonly hasSets: boolean;
  readonly onSpans: (isSpans: boolean) => void;
  readonly onSort: (sort: Sort) => void;
  readonly onColumns: (columns: readonly string[]) => void;
}) {
  const { results, sort } = props;
  const { isSpans, columns, totals } = results;
  const words = text.found;
  const title = resultsTitle({ isSpans, shown: results.shownCount, hasMore: results.hasMore, totals });
  const isOrdered = results.order === undefined || results.order === (isSpans && sort !== 'longest' ? 'newest' : sort);
  return (
    <section
      aria-label={isSpans ? words.spans.label : text.explore.results.label}
      aria-busy={results.isStale && results.isFetching}
      className="results"
    >
      <ResultsHead title={title} isSpans={isSpans} sort={sort} onSpans={props.onSpans} onSort={props.onSort}>
        {isSpans && <ColumnPicker columns={columns} range={props.range} onColumns={props.onColumns} />}
      </ResultsHead>
      {!isOrdered && (
        <p className="results-note">
          {isSpans ? words.order.spansByTrace : words.order.ofLoaded(results.shownCount, words.head.orders[sort])}
        </p>
      )}
      {results.omittedSpanCount > 0 && <p className="results-note">{words.order.omitted(results.omittedSpanCount)}</p>}
      {isSpans ? (
        <SpanList results={results} onColumns={props.onColumns} />
      ) : (
        <ResultList
          traces={results.traces}
          stale={results.isStale}
          filtered={props.isFiltered}
          hasSets={props.hasSets}
          sort={isOrdered ? undefined : sort}
        />
      )}
      {results.hasMore ? (
        <button
          type="button"
          className="button results-more"
          disabled={results.isLoadingMore}
          onClick={results.loadMore}
        >
          {results.isLoadingMore ? text.explore.results.loadingMore : text.explore.results.more}
        </button>
      ) : (
        <p className="results-end">{isSpans ? words.spans.end : text.explore.results.end}</p>
      )}
    </section>
  );
}

function SpanList(props: {
  readonly results: ExploreResults;
  readonly onColumns: (columns: readonly string[]) => void;
}) {
  const { spans, columns, isStale } = props.results;
  const host = useRef<HTMLDivElement>(null);
  const nowMs = useNow(10_000);
  useResultCommands({ step: (direction) => stepRow(host.current, direction) });
  return (
    <div ref={host}>
      <SpanRows
        spans={spans}
        columns={columns}
        nowMs={nowMs}
        isStale={isStale}
        onRemoveColumn={(name) => props.onColumns(columns.filter((one) => one !== name))}
      />
    </div>
  );
}
