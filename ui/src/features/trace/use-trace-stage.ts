import { type SpanId, spanIdAt } from '@clew/model';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { type RefObject, startTransition, useEffect, useMemo, useRef, useState } from 'react';
import type { CriticalSections } from '../../timeline/critical-path.ts';
import { rowOfSpan } from '../../timeline/find-rows.ts';
import { applyFold, formatFold } from '../../timeline/fold-text.ts';
import { afterNextFrame, inNextTask } from '../../timeline/later.ts';
import { loadCriticalSections } from '../../timeline/load-critical-sections.ts';
import { RowModel } from '../../timeline/row-model.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { type StageEvents, type StageHosts, TraceStage } from '../../timeline/trace-stage.ts';
import type { WaterfallLook } from '../../timeline/waterfall-view.ts';
import { spanQuery } from './span-query.ts';
import { placeOf, restorePlace, type StagePlace, selectRow, spanAt } from './stage-place.ts';
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
  /** Undefined until the hosts stand and rows have been painted. */
  readonly stage: TraceStage | undefined;
  /** Whether rows have been painted: what can wait for them is drawn then. Stays while the stage is built anew. */
  readonly hasRows: boolean;
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
    const isShown = search.span === shown.current;
    shown.current = search.span;
    // A trace that has grown is built anew: whoever reads on elsewhere stays there.
    if (isShown || search.span === written.current.span) stage.waterfall.setSelected(selectedRow);
    else selectRow(stage, selectedRow);
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
  const { hosts, hasRows, activeRow } = built;
  return { hosts, stage, hasRows, rows, selectedRow, activeRow, critical, foldTo, foldOutside };
}

/** The stage lives as long as the trace; what it reports goes through `latest`, so that it is built once. */
function useBuiltStage({ trace, search, update, look }: StageOptions, rows: RowModel) {
  const { columns } = trace;
  const queries = useQueryClient();
  const source = useTraceSource();
  const [stage, setStage] = useState<TraceStage | undefined>();
  const [hasRows, setHasRows] = useState(false);
  if (stage !== undefined && !hasRows) setHasRows(true);
  const [activeRow, setActiveRow] = useState(-1);
  const minimap = useRef<HTMLDivElement>(null);
  const axis = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  /** Levels shown by the last fold command. */
  const level = useRef<number | undefined>(undefined);
  /** What this page put into the URL itself: coming back from there, it must not undo a newer movement. */
  const written = useRef<SearchChange>({});
  const place = useRef<StagePlace | undefined>(undefined);
  const latest = useRef({ update, search, look });
  latest.current = { update, search, look };

  useEffect(() => {
    if (minimap.current === null || axis.current === null || body.current === null) return;
    const parts = { minimap: minimap.current, axis: axis.current, body: body.current };
    const url = delayedUrl((change) => {
      written.current = { ...written.current, ...change };
      latest.current.update(change, true);
    });
    let built: TraceStage | undefined;
    let stopWaiting = (): void => undefined;
    const { stopHover, onHover } = hoverAhead(
      (row) => spanQuery(source, columns.traceId, spanIdAt(columns, row)),
      queries,
    );
    const events = eventsOf({ columns, rows, level, latest, url, onHover, setActiveRow, stage: () => built });
    const build = (): void => {
      const { search: initial } = latest.current;
      const before = place.current;
      rows.grouped = initial.group !== '0';
      level.current = applyFold(rows, before?.fold ?? initial.fold ?? '');
      const window = windowOfSearch(initial.z, columns.durationNano);
      const standing = new TraceStage(parts, rows, latest.current.look, window, events);
      built = standing;
      restorePlace(standing, columns, before ?? { first: initial.at as SpanId | undefined });
      if (before === undefined && initial.span !== undefined) selectRow(standing, rowOfSpan(columns, initial.span));
      performance.mark('clew:trace-rows');
      // What was shown before goes on at once; at first everything else waits for the rows to be painted.
      if (before !== undefined) setStage(standing);
      else stopWaiting = afterNextFrame(() => startTransition(() => setStage(standing)));
    };
    // A task of its own, after the one that drew the frame of the page; but no gap where rows stood before.
    if (place.current === undefined) stopWaiting = inNextTask(build);
    else build();
    return () => {
      stopWaiting();
      stopHover();
      url.cancel();
      if (built === undefined) return;
      place.current = placeOf(built, columns, formatFold(rows, level.current));
      built.destroy();
      setStage(undefined);
    };
  }, [columns, rows, queries, source]);
  return { hosts: { minimap, axis, body }, stage, hasRows, activeRow, level, written };
}

/** What a movement in the stage does to the page and its address. */
function eventsOf(given: {
  readonly columns: TraceModel['columns'];
  readonly rows: RowModel;
  readonly level: RefObject<number | undefined>;
  readonly latest: RefObject<Pick<StageOptions, 'search' | 'update'>>;
  readonly url: ReturnType<typeof delayedUrl>;
  readonly onHover: (row: number) => void;
  readonly setActiveRow: (row: number) => void;
  readonly stage: () => TraceStage | undefined;
}): StageEvents {
  const { columns, rows, level, latest, url, onHover } = given;
  return {
    onRow: (row, intent) => {
      const span = spanIdAt(columns, row);
      given.setActiveRow(row);
      if (intent === 'open') latest.current.update({ span }, false);
      else if (latest.current.search.span !== undefined) url.later({ span });
    },
    onFold: () => url.later({ fold: formatFold(rows, level.current) }),
    onHover,
    onWindow: (next) => url.later({ z: searchOfWindow(next, columns.durationNano) }),
    onScroll: () => url.later({ at: spanAt(columns, given.stage()?.waterfall.firstRow ?? -1) }),
  };
}

/** Fetches what a span holds when the pointer rests on it. */
function hoverAhead(queryOf: (row: number) => ReturnType<typeof spanQuery>, queries: QueryClient) {
  let timer = 0;
  const stopHover = (): void => clearTimeout(timer);
  const onHover = (row: number): void => {
    stopHover();
    timer = window.setTimeout(() => void queries.prefetchQuery(queryOf(row)), HOVER_REST_MS);
  };
  return { stopHover, onHover };
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
      giveUp = loadCriticalSections(trace.columns, (critical) =>
        startTransition(() => setFound({ of: trace, critical })),
      );
    }, PATH_AFTER_MS);
    return () => {
      clearTimeout(timer);
      giveUp();
    };
  }, [needed, trace]);
  return critical;
}
