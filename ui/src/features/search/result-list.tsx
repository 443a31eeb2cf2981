import type { FoundTrace } from '@clew/contract';
import { type KeyboardEvent, type MouseEvent, useMemo, useRef, useState } from 'react';
import { assignServiceColours } from '../../timeline/service-colours.ts';
import { useNow } from '../../widgets/use-now.ts';
import type { Sort } from './explore-search.ts';
import { CompareBar } from './found/compare-bar.tsx';
import { PreviewDrawer } from './found/preview-drawer.tsx';
import { stepRow } from './found/step-row.ts';
import { usePicked } from './found/use-picked.ts';
import { useResultCommands } from './found/use-result-commands.ts';
import { ResultRow } from './result-row.tsx';
import { servicesBySpans, sortTraces } from './sort-traces.ts';

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
  const { picked, pick, clearPicked } = usePicked(traces);
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
  useResultCommands({
    step,
    pick: () => {
      const at = focused();
      if (at !== undefined) pick(at);
      return at !== undefined;
    },
  });
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
      {picked.length > 0 && <CompareBar picked={picked} onClear={clearPicked} />}
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
