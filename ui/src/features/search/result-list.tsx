import type { FoundTrace } from '@clew/contract';
import { Link } from '@tanstack/react-router';
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from 'react';
import { text } from '../../text/catalogue.ts';
import { assignServiceColours } from '../../timeline/service-colours.ts';
import { useCommands } from '../../widgets/use-commands.ts';
import { useNow } from '../../widgets/use-now.ts';
import type { Sort } from './explore-search.ts';
import { PreviewDrawer } from './found/preview-drawer.tsx';
import { stepRow } from './found/step-row.ts';
import { ResultRow } from './result-row.tsx';
import { servicesBySpans, sortTraces } from './sort-traces.ts';

const words = text.commands.explore;

/** Two traces can be compared. */
const MAX_PICKED = 2;

/**
 * The found traces. j and k move the focus from one to the next, Enter follows the link, Space shows the trace beside
 * the list, and c picks it to be compared.
 */
export function ResultList(props: {
  readonly traces: readonly FoundTrace[];
  readonly stale: boolean;
  readonly filtered: boolean;
  readonly hasSets: boolean;
  /** Undefined where the server has put them in order. */
  readonly sort: Sort | undefined;
}) {
  const { traces, sort } = props;
  const list = useRef<HTMLOListElement>(null);
  const nowMs = useNow(10_000);
  const [picked, setPicked] = useState<readonly string[]>([]);
  const [previewed, setPreviewed] = useState<string | undefined>(undefined);
  const sorted = useMemo(() => sortTraces(traces, sort ?? 'newest'), [traces, sort]);
  const colours = useMemo(() => assignServiceColours(servicesBySpans(traces)), [traces]);
  const longestNano = useMemo(
    () => traces.reduce((longest, trace) => Math.max(longest, Number(trace.durationNano)), 0),
    [traces],
  );
  const preview = previewed === undefined ? undefined : traces.find(({ traceId }) => traceId === previewed);
  const focused = (): string | undefined => {
    const row = document.activeElement?.closest('.result');
    return list.current?.contains(row ?? null) === true
      ? (row?.querySelector<HTMLElement>('.result-link')?.dataset.trace ?? undefined)
      : undefined;
  };
  const step = (direction: 1 | -1): void => {
    stepRow(list.current, direction);
    const at = focused();
    setPreviewed((now) => (now === undefined ? now : (at ?? now)));
  };
  const togglePreview = (): boolean => {
    const at = focused();
    if (at === undefined) return false;
    setPreviewed((now) => (now === at ? undefined : at));
    return true;
  };
  const pick = (traceId: string): void => {
    setPicked((now) => {
      if (now.includes(traceId)) return now.filter((one) => one !== traceId);
      return [...now, traceId].slice(-MAX_PICKED);
    });
  };
  // What is gone from the list cannot be seen to be picked.
  useEffect(() => {
    setPicked((now) => now.filter((one) => traces.some(({ traceId }) => traceId === one)));
  }, [traces]);
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
    { id: 'explore.preview', group: 'explore', label: text.found.preview.toggle, keys: [' '] },
    {
      id: 'explore.pick',
      group: 'explore',
      label: text.found.compare.pickFocused,
      keys: ['c'],
      palette: false,
      run: () => {
        const at = focused();
        if (at === undefined) return false;
        pick(at);
        return true;
      },
    },
  ]);
  // A click anywhere in the row follows its link, but text can still be selected.
  const click = (event: MouseEvent): void => {
    if (!(event.target instanceof Element) || event.target.closest('a, label, button, input') !== null) return;
    if (document.getSelection()?.type === 'Range') return;
    event.target.closest('.result')?.querySelector<HTMLElement>('.result-link')?.click();
  };
  const press = (event: KeyboardEvent): void => {
    // Of a checkbox the key is its own.
    if (event.key !== ' ' || !(event.target instanceof HTMLAnchorElement)) return;
    if (togglePreview()) event.preventDefault();
  };
  return (
    <>
      {picked.length > 0 && (
        <div className="compare-bar" role="status">
          {picked.length < MAX_PICKED ? (
            text.found.compare.oneMore
          ) : (
            <Link to="/compare" search={{ a: picked[0], b: picked[1] }} className="button is-small is-primary">
              {text.found.compare.go}
            </Link>
          )}
          <button type="button" className="button is-small" onClick={() => setPicked([])}>
            {text.found.compare.none}
          </button>
        </div>
      )}
      <div className={preview === undefined ? '' : 'results-with-preview'}>
        <ol ref={list} className={props.stale ? 'is-stale' : ''} onClick={click} onKeyDown={press}>
          {sorted.map((trace) => (
            <ResultRow
              key={trace.traceId}
              trace={trace}
              colours={colours}
              longestNano={longestNano}
              nowMs={nowMs}
              filtered={props.filtered}
              hasSets={props.hasSets}
              isPicked={picked.includes(trace.traceId)}
              onPick={pick}
            />
          ))}
        </ol>
        {preview !== undefined && (
          <PreviewDrawer trace={preview} colours={colours} onClose={() => setPreviewed(undefined)} />
        )}
      </div>
    </>
  );
}
