import { spanIdAt, type TraceColumns } from '@clew/model';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { text } from '../../text/catalogue.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { Splitter } from '../../widgets/splitter.tsx';
import { readSettings, storeSettings } from '../../widgets/stored-settings.ts';
import { useMedia } from '../../widgets/use-media.ts';
import { useContentTitle } from '../../widgets/use-title.ts';
import { ColumnChoiceContext } from './attribute-actions.tsx';
import { legendOrder } from './build-scheme.ts';
import { ColourLegend } from './colour-legend.tsx';
import { ColumnHeads } from './column-heads.tsx';
import { DetailsDock } from './details-dock.tsx';
import { EventsPanel } from './events-panel.tsx';
import { FindBox } from './find-box.tsx';
import { FlamePanel } from './flame-panel.tsx';
import { RowOptions } from './row-options.tsx';
import { SpanTable } from './span-table.tsx';
import { TraceBanner } from './trace-banner.tsx';
import { TraceHeader } from './trace-header.tsx';
import { TraceMap } from './trace-map.tsx';
import { parseTraceSearch } from './trace-search.ts';
import { useTraceSource } from './trace-source.ts';
import { summarizeTrace } from './trace-summary.ts';
import type { TraceView } from './trace-views.ts';
import { useColumnChoice } from './use-column-choice.ts';
import { useDock } from './use-dock.ts';
import { useMatches } from './use-matches.ts';
import { useRememberedTrace } from './use-remembered-trace.ts';
import { useRowLook } from './use-row-look.ts';
import { useTraceKeys } from './use-trace-keys.ts';
import { useTraceModel } from './use-trace-model.ts';
import { type SearchChange, useTraceStage } from './use-trace-stage.ts';
import './print.css';
import './stage.css';

const NAME_MIN_PX = 120;

/** The trace page once the columns are here; a large trace is made ready in a worker. */
export function LoadedTrace({ columns }: { readonly columns: TraceColumns }) {
  const { adjust } = parseTraceSearch(useSearch({ strict: false }));
  const trace = useTraceModel(columns, adjust === '1');
  if (trace !== undefined) return <StagedTrace trace={trace} />;
  return (
    <div className="trace-loading">
      <div className="progress" />
    </div>
  );
}

/** React draws the frame; the stage draws and moves everything inside. */
function StagedTrace({ trace }: { readonly trace: TraceModel }) {
  const { columns } = trace;
  // On the page of a stored trace and on that of an imported one, which have the same parameters.
  const given = useSearch({ strict: false });
  const search = useMemo(() => parseTraceSearch(given), [given]);
  const navigate = useNavigate();
  const summary = useMemo(() => summarizeTrace(trace), [trace]);
  const narrow = useMedia('(max-width: 720px)');
  const [settings, setSettings] = useState(readSettings);
  const findField = useRef<HTMLInputElement>(null);
  const title = text.trace.title(summary.rootService, summary.rootName === '' ? text.trace.noRoot : summary.rootName);
  useContentTitle(title);
  const criticalShown = settings.criticalPath;

  const update = (change: SearchChange, replace: boolean): void => {
    void navigate({
      to: '.',
      search: (now) => parseTraceSearch({ ...now, ...change }),
      replace,
      resetScroll: false,
    });
  };
  const dock = useDock(search.dock, (place) => update({ dock: place }, false));
  const columnChoice = useColumnChoice(search.cols, (cols) => update({ cols }, false));
  const { look, attributes } = useRowLook({ trace, summary, search, nameWidth: settings.nameWidth, isNarrow: narrow });
  const { nameWidth, columnWidth, scheme } = look;
  const found = useMatches(trace, search.find);
  const matches = found.rows;
  const staged = useTraceStage({ trace, search, look, criticalShown, matches, update });
  const { hosts, stage, hasRows, rows, selectedRow, activeRow, critical, foldTo } = staged;
  const legend = useMemo(() => legendOrder(scheme, summary), [scheme, summary]);
  const changeSettings = (change: Parameters<typeof storeSettings>[0]): void => setSettings(storeSettings(change));
  const source = useTraceSource();
  useRememberedTrace(source, columns.traceId, title);
  useEffect(() => () => source.release(columns.traceId), [source, columns.traceId]);
  const copyLink = (): string => location.href;
  const view: TraceView = search.view ?? 'waterfall';
  const open = (row: number): void => update({ span: spanIdAt(columns, row) }, false);
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
    foldOutside: staged.foldOutside,
    onGroup: () => update({ group: search.group === '0' ? undefined : '0' }, true),
    onOnly: () => {
      if (search.find === undefined) return false;
      update({ only: search.only === '1' ? undefined : '1' }, true);
      return true;
    },
    close: () => {
      if (search.find !== undefined) update({ find: undefined, only: undefined }, true);
      else if (search.span !== undefined) closeDetails();
    },
    spanId: search.span,
    onView: (next) => update({ view: next }, false),
    onJump: (row) => {
      if (view !== 'waterfall') open(row);
    },
  });

  return (
    <div className={`trace ${dock.place === 'right' ? 'is-wide' : ''}`}>
      <TraceHeader
        trace={trace}
        summary={summary}
        title={title}
        view={view}
        onView={(next) => update({ view: next }, false)}
        criticalShown={criticalShown}
        onCritical={() => changeSettings({ criticalPath: !criticalShown })}
        onNextError={() => stage?.jump(trace.errorRows, 1)}
        onFoldAll={() => foldTo(1)}
        onUnfoldAll={() => foldTo(Number.MAX_SAFE_INTEGER)}
        onZoomIn={() => stage?.zoom('in')}
        onZoomOut={() => stage?.zoom('out')}
        onZoomReset={() => stage?.resetZoom()}
        copyLink={copyLink}
        spanId={search.span}
        rowOptions={
          <RowOptions {...{ trace, search }} columns={columnChoice} onChange={(change) => update(change, false)} />
        }
      />
      <TraceBanner trace={trace} onShowReceived={() => update({ adjust: undefined }, false)} />
      <div className="trace-main">
        <div
          className={`stage is-${view}`}
          ref={(element) => {
            element?.style.setProperty('--name-width', `${nameWidth}px`);
            element?.style.setProperty('--lead-width', `${nameWidth + attributes.length * columnWidth}px`);
          }}
        >
          <div className="stage-top">
            {hasRows ? (
              <ColourLegend
                scheme={scheme}
                order={legend}
                find={search.find}
                onFind={(find) => update({ find }, true)}
              />
            ) : (
              <div />
            )}
            <div className="stage-minimap" ref={hosts.minimap} />
          </div>
          <div className="stage-ruler">
            <FindBox
              field={findField}
              value={search.find ?? ''}
              found={found}
              activeRow={activeRow === -1 ? selectedRow : activeRow}
              isOnly={search.only === '1'}
              onOnly={() => update({ only: search.only === '1' ? undefined : '1' }, true)}
              onFind={(find) => update(find === '' ? { find: undefined, only: undefined } : { find }, true)}
              onMove={(direction) => matches !== undefined && stage?.jump(matches, direction)}
              onLeave={() => stage?.waterfall.element.focus()}
            />
            {attributes.length > 0 && <ColumnHeads columns={attributes} onRemove={columnChoice.onToggle} />}
            <div className="stage-axis" ref={hosts.axis} />
          </div>
          {(view === 'flame' || view === 'heavy') && (
            <FlamePanel key={view} order={view} {...{ trace, scheme, stage, selectedRow, matches }} onOpen={open} />
          )}
          {view === 'table' && (
            <SpanTable
              {...{ trace, summary }}
              onOpen={open}
              onFind={(find) => update({ find, view: undefined }, false)}
            />
          )}
          {view === 'map' && (
            <TraceMap
              {...{ trace, summary, critical }}
              onOpen={open}
              onFind={(find) => update({ find, view: undefined }, false)}
            />
          )}
          {view === 'events' && (
            <EventsPanel
              {...{ trace, summary, selectedRow }}
              filter={search.ev ?? ''}
              onFilter={(ev) => update({ ev: ev === '' ? undefined : ev }, true)}
              onOpen={open}
            />
          )}
          <div className="stage-body" ref={hosts.body}>
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
          <ColumnChoiceContext value={columnChoice}>
            <DetailsDock
              trace={trace}
              row={selectedRow}
              colour={summary.colours[columns.service[selectedRow]]}
              critical={critical}
              dock={dock}
              onGoTo={(row) => stage?.goTo(row, 'open')}
              onClose={closeDetails}
            />
          </ColumnChoiceContext>
        )}
      </div>
    </div>
  );
}
