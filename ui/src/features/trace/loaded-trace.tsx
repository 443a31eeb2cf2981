import { spanIdAt, type TraceColumns } from '@clew/model';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { text } from '../../text/catalogue.ts';
import { buildCriticalSections, type CriticalSections } from '../../timeline/critical-path.ts';
import { findRows, rowOfSpan } from '../../timeline/find-rows.ts';
import { applyFold, formatFold } from '../../timeline/fold-text.ts';
import { RowModel } from '../../timeline/row-model.ts';
import { buildTraceModel } from '../../timeline/trace-model.ts';
import { TraceStage } from '../../timeline/trace-stage.ts';
import { Splitter } from '../../widgets/splitter.tsx';
import { readSettings, storeSettings } from '../../widgets/stored-settings.ts';
import { useMedia } from '../../widgets/use-media.ts';
import { useTitle } from '../../widgets/use-title.ts';
import { DetailsDock } from './details-dock.tsx';
import { FindBox } from './find-box.tsx';
import { ServiceLegend } from './service-legend.tsx';
import { spanQuery } from './span-query.ts';
import { TraceHeader } from './trace-header.tsx';
import { parseTraceSearch, searchOfWindow, type TraceSearch, windowOfSearch } from './trace-search.ts';
import { summarizeTrace } from './trace-summary.ts';
import { useTraceKeys } from './use-trace-keys.ts';

/** Continuous changes reach the URL at most this often, as replacements. */
const URL_EVERY_MS = 250;
const HOVER_REST_MS = 90;
/** The rows are painted first; the path follows when they stand. */
const PATH_AFTER_MS = 200;
const NAME_MIN_PX = 120;

type SearchChange = Partial<Record<keyof TraceSearch, string | undefined>>;

/** The trace page once the columns are here. React draws the frame; the stage draws and moves everything inside. */
export function LoadedTrace({ columns }: { readonly columns: TraceColumns }) {
  const { traceId } = columns;
  const search = useSearch({ from: '/trace/$traceId' });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const trace = useMemo(() => buildTraceModel(columns), [columns]);
  const summary = useMemo(() => summarizeTrace(trace), [trace]);
  const wide = useMedia('(min-width: 1280px)');
  const narrow = useMedia('(max-width: 720px)');
  const [settings, setSettings] = useState(readSettings);
  const [level, setLevel] = useState<number | undefined>();
  const [critical, setCritical] = useState<CriticalSections | undefined>();
  const [activeRow, setActiveRow] = useState(-1);
  const [stage, setStage] = useState<TraceStage | undefined>();
  const minimap = useRef<HTMLDivElement>(null);
  const axis = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const findField = useRef<HTMLInputElement>(null);
  const title = text.trace.title(summary.rootService, summary.rootName === '' ? text.trace.noRoot : summary.rootName);
  useTitle(title);

  const rows = useMemo(() => new RowModel(trace), [trace]);
  const selectedRow = useMemo(
    () => (search.span === undefined ? -1 : rowOfSpan(columns, search.span)),
    [columns, search.span],
  );
  const matches = useMemo(
    () => (search.find === undefined ? undefined : findRows(columns, search.find)),
    [columns, search.find],
  );
  const nameWidth = narrow ? Math.round(window.innerWidth * 0.44) : settings.nameWidth;

  const update = (change: SearchChange, replace: boolean): void => {
    void navigate({
      to: '/trace/$traceId',
      params: { traceId },
      search: (now) => parseTraceSearch({ ...now, ...change }),
      replace,
      resetScroll: false,
    });
  };
  const latest = useRef({ update, search, level });
  latest.current = { update, search, level };
  /** What this page put into the URL itself: coming back from there, it must not undo a newer movement. */
  const written = useRef<SearchChange>({});

  // The stage lives as long as the trace; what it reports goes through `latest`, so that it is built once.
  useEffect(() => {
    if (minimap.current === null || axis.current === null || body.current === null) return;
    const { search: initial } = latest.current;
    setLevel(applyFold(rows, initial.fold ?? ''));
    let timer = 0;
    let hoverTimer = 0;
    let pending: SearchChange = {};
    const later = (change: SearchChange): void => {
      Object.assign(pending, change);
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        const change = pending;
        pending = {};
        written.current = { ...written.current, ...change };
        latest.current.update(change, true);
      }, URL_EVERY_MS);
    };
    const built = new TraceStage(
      { minimap: minimap.current, axis: axis.current, body: body.current },
      rows,
      summary.colours,
      windowOfSearch(initial.z, columns.durationNano),
      {
        onRow: (row, intent) => {
          const span = spanIdAt(columns, row);
          setActiveRow(row);
          if (intent === 'open') latest.current.update({ span }, false);
          else if (latest.current.search.span !== undefined) later({ span });
        },
        onFold: () => later({ fold: formatFold(rows, latest.current.level) }),
        onHover: (row) => {
          clearTimeout(hoverTimer);
          hoverTimer = window.setTimeout(
            () => void queries.prefetchQuery(spanQuery(traceId, spanIdAt(columns, row))),
            HOVER_REST_MS,
          );
        },
        onWindow: (next) => later({ z: searchOfWindow(next, columns.durationNano) }),
      },
    );
    setStage(built);
    const pathTimer = window.setTimeout(() => setCritical(buildCriticalSections(columns)), PATH_AFTER_MS);
    performance.mark('clew:trace-rows');
    return () => {
      for (const one of [timer, hoverTimer, pathTimer]) clearTimeout(one);
      built.destroy();
      setStage(undefined);
    };
  }, [columns, rows, summary, queries, traceId]);

  useEffect(() => stage?.waterfall.setNameWidth(nameWidth), [stage, nameWidth]);
  useEffect(() => stage?.waterfall.setMatches(matches), [stage, matches]);
  useEffect(
    () => stage?.setCriticalPath(settings.criticalPath ? critical : undefined),
    [stage, critical, settings.criticalPath],
  );
  useEffect(() => {
    if (search.z === undefined || search.z !== written.current.z) {
      stage?.setWindow(windowOfSearch(search.z, columns.durationNano), true);
    }
  }, [stage, search.z, columns]);
  useEffect(() => {
    if (stage === undefined) return;
    stage.waterfall.setSelected(selectedRow);
    if (selectedRow === -1 || search.span === written.current.span) return;
    stage.waterfall.setActive(selectedRow);
    stage.waterfall.revealRow(selectedRow);
  }, [stage, selectedRow, search.span]);

  const foldTo = (levels: number): void => {
    const next = Math.min(trace.maxDepth + 1, Math.max(1, levels));
    const shown = next > trace.maxDepth ? undefined : next;
    stage?.foldToLevel(next);
    setLevel(shown);
    update({ fold: formatFold(rows, shown) }, true);
  };
  const changeSettings = (change: Parameters<typeof storeSettings>[0]): void => setSettings(storeSettings(change));
  const copyLink = (): string => location.href;
  const closeDetails = (): void => {
    update({ span: undefined }, false);
    stage?.waterfall.element.focus();
  };
  useTraceKeys({
    stage,
    rows,
    matches,
    errorRows: trace.errorRows,
    findField,
    foldTo,
    close: () => {
      if (search.find !== undefined) update({ find: undefined }, true);
      else if (search.span !== undefined) closeDetails();
    },
    spanId: search.span,
  });

  return (
    <div className={`trace ${wide ? 'is-wide' : ''}`}>
      <TraceHeader
        trace={trace}
        summary={summary}
        title={title}
        criticalShown={settings.criticalPath}
        onCritical={() => changeSettings({ criticalPath: !settings.criticalPath })}
        onNextError={() => stage?.jump(trace.errorRows, 1)}
        onFoldAll={() => foldTo(1)}
        onUnfoldAll={() => foldTo(trace.maxDepth + 1)}
        onZoomIn={() => stage?.zoom('in')}
        onZoomOut={() => stage?.zoom('out')}
        onZoomReset={() => stage?.resetZoom()}
        copyLink={copyLink}
      />
      <div className="trace-main">
        <div className="stage" ref={(element) => element?.style.setProperty('--name-width', `${nameWidth}px`)}>
          <div className="stage-top">
            <ServiceLegend services={summary.services} find={search.find} onFind={(find) => update({ find }, true)} />
            <div className="stage-minimap" ref={minimap} />
          </div>
          <div className="stage-ruler">
            <FindBox
              field={findField}
              value={search.find ?? ''}
              matches={matches}
              activeRow={activeRow === -1 ? selectedRow : activeRow}
              onFind={(find) => update({ find }, true)}
              onMove={(direction) => matches !== undefined && stage?.jump(matches, direction)}
              onLeave={() => stage?.waterfall.element.focus()}
            />
            <div className="stage-axis" ref={axis} />
          </div>
          <div className="stage-body" ref={body}>
            {!narrow && (
              <Splitter
                label={`${text.shell.resize}: ${text.trace.nameColumn}`}
                grows="right"
                size={nameWidth}
                min={NAME_MIN_PX}
                max={900}
                onSize={(size) => changeSettings({ nameWidth: size })}
              />
            )}
          </div>
        </div>
        {selectedRow !== -1 && (
          <DetailsDock
            trace={trace}
            row={selectedRow}
            colour={summary.colours[columns.service[selectedRow]]}
            critical={critical}
            side={wide ? 'right' : 'bottom'}
            size={wide ? settings.dockWidth : settings.dockHeight}
            onSize={(size) => changeSettings(wide ? { dockWidth: size } : { dockHeight: size })}
            onGoTo={(row) => stage?.goTo(row, 'open')}
            onClose={closeDetails}
          />
        )}
      </div>
    </div>
  );
}
