import type { TraceColumns } from '@clew/model';
import { type RefObject, useRef, useState } from 'react';
import { traceExportUrl } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../../tracefile/export-formats.ts';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { Icon } from '../../widgets/icon.tsx';
import { PopoverButton } from '../../widgets/popover-button.tsx';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { saveBlob, saveCanvasAsPng, saveSvgAsPng } from '../../widgets/save-picture.ts';
import { useTraceSource } from './trace-source.ts';
import type { TraceView } from './trace-views.ts';
import './export-menu.css';

interface ExportMenuProps {
  readonly columns: TraceColumns;
  readonly view: TraceView;
  readonly spanId: string | undefined;
  readonly copyLink: () => string;
}

/** Everything one can take away from the trace page, behind one button. */
export function ExportMenu(props: ExportMenuProps) {
  const { columns, view, spanId } = props;
  const menu = useRef<HTMLDivElement>(null);
  const words = text.export;
  return (
    <PopoverButton
      className="button is-quiet is-small"
      panelClass="export-menu"
      label={words.label}
      caption={
        <>
          <Icon name="download" />
          <span className="trace-action-text">{words.button}</span>
        </>
      }
    >
      {(close) => (
        <div ref={menu}>
          <h2>{words.copy}</h2>
          <ul>
            <li>
              <CopyButton value={props.copyLink} label={words.link} caption={words.linkAgain} />
              <CopyButton value={columns.traceId} label={text.trace.copyTraceId} caption={words.traceId} />
              {spanId !== undefined && (
                <CopyButton value={spanId} label={text.trace.dock.copySpanId} caption={words.spanId} />
              )}
            </li>
          </ul>
          <Downloads columns={columns} />
          <h2>{words.picture}</h2>
          <ul>
            <li>
              <PictureButton view={view} columns={columns} menu={menu} />
            </li>
            <li>
              <button
                type="button"
                className="button is-quiet is-small"
                title={words.printHint}
                onClick={() => {
                  close();
                  window.print();
                }}
              >
                <Icon name="print" />
                {words.print}
              </button>
            </li>
          </ul>
        </div>
      )}
    </PopoverButton>
  );
}

function Downloads({ columns }: { readonly columns: TraceColumns }) {
  const source = useTraceSource();
  const [state, setState] = useState<{ readonly format: ExportFormat; readonly error?: Error } | undefined>();
  const words = text.export;
  const download = (format: ExportFormat): void => {
    setState({ format });
    source.exportTrace(columns.traceId, format).then(
      (blob) => {
        saveBlob(blob, fileNameOf(columns, format));
        setState(undefined);
      },
      (error: Error) => setState({ format, error }),
    );
  };
  const isBusy = state !== undefined && state.error === undefined;
  return (
    <>
      <h2>{words.download}</h2>
      <ul>
        {EXPORT_FORMATS.map((format) => (
          <li key={format}>
            {format === 'otlp' && source.isStored ? (
              // The server's own answer: it needs no work here, whatever its size.
              <a
                className="button is-quiet is-small"
                href={traceExportUrl(columns.traceId)}
                download={fileNameOf(columns, format)}
                title={words.formatHints[format]}
              >
                <Icon name="download" />
                {words.formats[format]}
              </a>
            ) : (
              <button
                type="button"
                className="button is-quiet is-small"
                disabled={isBusy}
                title={words.formatHints[format]}
                onClick={() => download(format)}
              >
                <Icon name="download" />
                {isBusy && state.format === format ? words.preparing(words.formats[format]) : words.formats[format]}
              </button>
            )}
          </li>
        ))}
      </ul>
      {state?.error !== undefined && <ProblemMessage error={state.error} onRetry={() => download(state.format)} />}
    </>
  );
}

function fileNameOf(columns: TraceColumns, format: ExportFormat): string {
  return `trace-${columns.traceId}.${format}.json`;
}

/** What is drawn as a picture already: the map, the flame graph with the overview, or the overview alone. */
function PictureButton(props: {
  readonly view: TraceView;
  readonly columns: TraceColumns;
  readonly menu: RefObject<HTMLElement | null>;
}) {
  const { view, columns } = props;
  const words = text.export;
  const isFlame = view === 'flame' || view === 'heavy';
  const label = view === 'map' ? words.map : isFlame ? words.flame : words.overview;
  const save = (): void => {
    const page = props.menu.current?.closest('.trace');
    const name = `trace-${columns.traceId}-${view === 'map' || isFlame ? view : 'overview'}`;
    const map = page?.querySelector<SVGSVGElement>('.trace-map-scroll > svg');
    if (view === 'map' && map !== null && map !== undefined) void saveSvgAsPng(map, name);
    const wanted = view === 'flame' ? '.minimap canvas, .flame canvas' : isFlame ? '.flame canvas' : '.minimap canvas';
    if (view !== 'map') void saveCanvasAsPng([...(page?.querySelectorAll<HTMLCanvasElement>(wanted) ?? [])], name);
  };
  return (
    <button type="button" className="button is-quiet is-small" onClick={save}>
      <Icon name="image" />
      {label}
    </button>
  );
}
