import { type SpanId, spanIdAt } from '@clew/model';
import { useQueryClient } from '@tanstack/react-query';
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import type { CriticalSections } from '../../timeline/critical-path.ts';
import { entryOf } from '../../timeline/entry.ts';
import { rowOfSpan } from '../../timeline/find-rows.ts';
import { applyFold, formatFold } from '../../timeline/fold-text.ts';
import { loadCriticalSections } from '../../timeline/load-critical-sections.ts';
import { RowModel } from '../../timeline/row-model.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { type StageHosts, TraceStage } from '../../timeline/trace-stage.ts';
import type { WaterfallLook } from '../../timeline/waterfall-view.ts';
import { spanQuery } from './span-query.ts';
import { searchOfWindow, type TraceSearch, windowOfSearch } from './trace-search.ts';
import { useTraceSource } from './trace-source.ts';

/** Continuous changes reach the URL at most this often, as replacements. */
const URL_EVERY_MS = 250;
const HOVER_REST_MS = 90;
/** The rows are painted first; the path follows when they stand. */
const PATH_AFTER_MS = 200;

export type SearchChange = Partial<Record<keyof TraceSearch, string | undefined>>;

interface StageOptions {
  readonly trace: TraceModel;
  readonly search: TraceSearch;
  /** The same object until it changes. */
  readonly look: WaterfallLook;
  readonly criticalShown: boolean;
  readonly matches: Int32Array | undefined;
  /** Writes to the URL. */
  readonly update: (change: SearchChange, replace: boolean) => void;
}

export interface StageState {
  readonly hosts: { readonly [Host in keyof StageHosts]: RefObject<HTMLDivElement | null> };
  /** Undefined until the hosts stand. */
  readonly stage: TraceStage | undefined;
  readonly rows: RowModel;
  /** Row of the span the URL names, or -1. */
  readonly selectedRow: number;
  /** Row of the cursor, or -1. */
  readonly activeRow: number;
  readonly critical: CriticalSections | undefined;
  /** Shows so many levels; more than there are: everything, runs too. */
  readonly foldTo: (levels: number) => void;
  readonly foldOutside: () => void;
}

/** Builds the stage once per trace and keeps it and the URL in step: what one changes, the other shows. */
export function useTraceStage(options: StageOptions): StageState {
  const { trace, search, look, criticalShown, matches } = options;
  const { columns } = trace;
  const rows = useMemo(() => new RowModel(trace), [trace]);
  const selectedRow = useMemo(
    () => (search.span === undefined ? -1 : rowOfSpan(columns, search.span)),
    [columns, search.span],
  );
  const built = useBuiltStage(options, rows);
  const { stage, written, level } = built;
  const critical = useCriticalPath(trace, stage, criticalShown || selectedRow !== -1);
  const kept = search.only === '1' ? matches : undefined;
  /** The selected span that has been brought into sight. */
  const shown = useRef<string | undefined>(undefined);

  useEffect(() => stage?.setLook(look), [stage, look]);
  useEffect(() => stage?.waterfall.setMatches(matches), [stage, matches]);
  useEffect(() => stage?.setKept(kept), [stage, kept]);
  useEffect(() => stage?.setGrouped(search.group !== '0'), [stage, search.group]);
  useEffect(() => stage?.setCriticalPath(criticalShown ? critical : undefined), [stage, critical, criticalShown]);
  useEffect(() => {
    if (search.z === undefined || search.z !== written.current.z) {
      stage?.setWindow(windowOfSearch(search.z, columns.durationNano), true);
    }
  }, [stage, search.z, columns, written]);
  useEffect(() => {
    if (stage === undefined) return;
    stage.waterfall.setSelected(selectedRow);
    const isShown = search.span === shown.current;
    shown.current = search.span;
    // A trace that has grown is built anew: whoever reads on elsewhere stays there.
    if (selectedRow === -1 || isShown || search.span === written.current.span) return;
    stage.waterfall.setActive(entryOf(selectedRow));
    stage.waterfall.revealRow(selectedRow);
  }, [stage, selectedRow, search.span, written]);

  const foldTo = (levels: number): void => {
    const next = Math.max(1, levels);
    level.current = next > trace.maxDepth ? undefined : next;
    stage?.foldToLevel(next);
    options.update({ fold: formatFold(rows, level.current) }, true);
  };
  const foldOutside = (): void => {
    level.current = undefined;
    if (stage?.foldOutside() === true) options.update({ fold: formatFold(rows, undefined) }, true);
  };
  const { hosts, activeRow } = built;
  return { hosts, stage, rows, selectedRow, activeRow, critical, foldTo, foldOutside };
}

/** What is to be found again when the trace is built anew: with more spans, or with adjusted clocks. */
interface Place {
  readonly fold: string;
  readonly cursor: SpanId | undefined;
  readonly first: SpanId | undefined;
}

/** The stage lives as long as the trace; what it reports goes through `latest`, so that it is built once. */
function useBuiltStage({ trace, search, update, look }: StageOptions, rows: RowModel) {
  const { columns } = trace;
  const queries = useQueryClient();
  const source = useTraceSource();
  const [stage, setStage] = useState<TraceStage | undefined>();
  const [activeRow, setActiveRow] = useState(-1);
  const minimap = useRef<HTMLDivElement>(null);
  const axis = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  /** Levels shown by the last fold command. */
  const level = useRef<number | undefined>(undefined);
  /** What this page put into the URL itself: coming back from there, it must not undo a newer movement. */
  const written = useRef<SearchChange>({});
  const place = useRef<Place | undefined>(undefined);
  const latest = useRef({ update, search, look });
  latest.current = { update, search, look };

  useEffect(() => {
    if (minimap.current === null || axis.current === null || body.current === null) return;
    const { search: initial } = latest.current;
    rows.grouped = initial.group !== '0';
    level.current = applyFold(rows, place.current?.fold ?? initial.fold ?? '');
    const url = delayedUrl((change) => {
      written.current = { ...written.current, ...change };
      latest.current.update(change, true);
    });
    let hoverTimer = 0;
    const built = new TraceStage(
      { minimap: minimap.current, axis: axis.current, body: body.current },
      rows,
      latest.current.look,
      windowOfSearch(initial.z, columns.durationNano),
      {
        onRow: (row, intent) => {
          const span = spanIdAt(columns, row);
          setActiveRow(row);
          if (intent === 'open') latest.current.update({ span }, false);
          else if (latest.current.search.span !== undefined) url.later({ span });
        },
        onFold: () => url.later({ fold: formatFold(rows, level.current) }),
        onHover: (row) => {
          clearTimeout(hoverTimer);
          const prefetch = () => void queries.prefetchQuery(spanQuery(source, columns.traceId, spanIdAt(columns, row)));
          hoverTimer = window.setTimeout(prefetch, HOVER_REST_MS);
        },
        onWindow: (next) => url.later({ z: searchOfWindow(next, columns.durationNano) }),
        onScroll: () => url.later({ at: spanAt(columns, built.waterfall.firstRow) }),
      },
    );
    restore(built, columns, place.current ?? { cursor: undefined, first: initial.at as SpanId | undefined });
    setStage(built);
    performance.mark('clew:trace-rows');
    return () => {
      clearTimeout(hoverTimer);
      url.cancel();
      place.current = {
        fold: formatFold(rows, level.current),
        cursor: spanAt(columns, built.waterfall.activeRow),
        first: spanAt(columns, built.waterfall.firstRow),
      };
      built.destroy();
      setStage(undefined);
    };
  }, [columns, rows, queries, source]);
  return { hosts: { minimap, axis, body }, stage, activeRow, level, written };
}

function spanAt(columns: TraceModel['columns'], row: number): SpanId | undefined {
  return row === -1 ? undefined : spanIdAt(columns, row);
}

function restore(stage: TraceStage, columns: TraceModel['columns'], { cursor, first }: Omit<Place, 'fold'>): void {
  const row = first === undefined ? -1 : rowOfSpan(columns, first);
  if (row !== -1) stage.waterfall.scrollToRow(row);
  const active = cursor === undefined ? -1 : rowOfSpan(columns, cursor);
  if (active !== -1) stage.waterfall.setActive(stage.entryOfRow(active));
}

/** Gathers changes and writes them together when nothing has moved for a moment. */
function delayedUrl(write: (change: SearchChange) => void) {
  let timer = 0;
  let pending: SearchChange = {};
  return {
    later(change: SearchChange): void {
      Object.assign(pending, change);
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        const gathered = pending;
        pending = {};
        write(gathered);
      }, URL_EVERY_MS);
    },
    cancel(): void {
      clearTimeout(timer);
    },
  };
}

/** The critical path, computed when it is first wanted and the rows stand. */
function useCriticalPath(trace: TraceModel, stage: TraceStage | undefined, wanted: boolean) {
  const [found, setFound] = useState<{ readonly of: TraceModel; readonly critical: CriticalSections } | undefined>();
  const critical = found?.of === trace ? found.critical : undefined;
  const needed = wanted && stage !== undefined && critical === undefined;
  useEffect(() => {
    if (!needed) return;
    let giveUp = (): void => undefined;
    const timer = setTimeout(() => {
      giveUp = loadCriticalSections(trace.columns, (sections) => setFound({ of: trace, critical: sections }));
    }, PATH_AFTER_MS);
    return () => {
      clearTimeout(timer);
      giveUp();
    };
  }, [needed, trace]);
  return critical;
}
