import type { FoundTrace } from '@clew/contract';
import { type MouseEvent, useMemo, useRef } from 'react';
import { text } from '../../text/catalogue.ts';
import { assignServiceColours } from '../../timeline/service-colours.ts';
import { useCommands } from '../../widgets/use-commands.ts';
import { useNow } from '../../widgets/use-now.ts';
import { SORTS, type Sort } from './explore-search.ts';
import { ResultRow } from './result-row.tsx';
import { servicesBySpans, sortTraces } from './sort-traces.ts';

const words = text.commands.explore;

/** The found traces. j and k move the focus from one to the next, Enter follows the link. */
export function ResultList(props: {
  readonly traces: readonly FoundTrace[];
  readonly more: boolean;
  readonly loadingMore: boolean;
  readonly stale: boolean;
  readonly filtered: boolean;
  readonly hasSets: boolean;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly onMore: () => void;
}) {
  const { traces, sort } = props;
  const list = useRef<HTMLOListElement>(null);
  const nowMs = useNow(10_000);
  const sorted = useMemo(() => sortTraces(traces, sort), [traces, sort]);
  const colours = useMemo(() => assignServiceColours(servicesBySpans(traces)), [traces]);
  const longestNano = useMemo(
    () => traces.reduce((longest, trace) => Math.max(longest, Number(trace.durationNano)), 0),
    [traces],
  );
  const links = (): HTMLElement[] => [...(list.current?.querySelectorAll<HTMLElement>('.result-link') ?? [])];
  const step = (direction: 1 | -1): void => {
    const all = links();
    const at = all.findIndex((link) => link.contains(document.activeElement));
    all[at === -1 ? 0 : Math.min(all.length - 1, Math.max(0, at + direction))]?.focus();
  };
  useCommands([
    { id: 'explore.next', group: 'explore', label: words.next, keys: ['j'], run: () => step(1), palette: false },
    {
      id: 'explore.previous',
      group: 'explore',
      label: words.previous,
      keys: ['k'],
      run: () => step(-1),
      palette: false,
    },
    { id: 'explore.open', group: 'explore', label: words.open, keys: ['Enter'] },
  ]);
  // A click anywhere in the row follows its link, but text can still be selected.
  const click = (event: MouseEvent): void => {
    if (!(event.target instanceof Element) || event.target.closest('a') !== null) return;
    if (document.getSelection()?.type === 'Range') return;
    event.target.closest('.result')?.querySelector<HTMLElement>('.result-link')?.click();
  };
  return (
    <section aria-label={text.explore.results.label} className="results">
      <header className="results-head">
        <h2>{text.explore.results.count(traces.length, props.more)}</h2>
        <label className="results-sort">
          {text.explore.results.sort}
          <select
            className="field"
            value={sort}
            onChange={(event) => props.onSort(SORTS.find((known) => known === event.target.value) ?? 'newest')}
          >
            {SORTS.map((known) => (
              <option key={known} value={known}>
                {text.explore.results[known]}
              </option>
            ))}
          </select>
        </label>
      </header>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: a larger target for the pointer; keys use the links in the rows. */}
      <ol ref={list} className={props.stale ? 'is-stale' : ''} onClick={click}>
        {sorted.map((trace) => (
          <ResultRow
            key={trace.traceId}
            trace={trace}
            colours={colours}
            longestNano={longestNano}
            nowMs={nowMs}
            filtered={props.filtered}
            hasSets={props.hasSets}
          />
        ))}
      </ol>
      {props.more ? (
        <button type="button" className="button results-more" disabled={props.loadingMore} onClick={props.onMore}>
          {props.loadingMore ? text.explore.results.loadingMore : text.explore.results.more}
        </button>
      ) : (
        <p className="results-end">{text.explore.results.end}</p>
      )}
    </section>
  );
}
