import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { Icon } from '../../widgets/icon.tsx';
import { IconButton } from '../../widgets/icon-button.tsx';
import { Time } from '../../widgets/time.tsx';
import { CompareLink } from '../compare/compare-link.tsx';
import { ExportMenu } from './export-menu.tsx';
import { useTraceSource } from './trace-source.ts';
import type { TraceSummary } from './trace-summary.ts';
import type { TraceView } from './trace-views.ts';
import { TraceWarnings } from './trace-warnings.tsx';
import { ViewSwitch } from './view-switch.tsx';
import './trace-header.css';

interface TraceHeaderProps {
  readonly trace: TraceModel;
  readonly summary: TraceSummary;
  readonly title: string;
  readonly view: TraceView;
  readonly onView: (view: TraceView) => void;
  readonly criticalShown: boolean;
  readonly onCritical: () => void;
  readonly onNextError: () => void;
  readonly onFoldAll: () => void;
  readonly onUnfoldAll: () => void;
  readonly onZoomIn: () => void;
  readonly onZoomOut: () => void;
  readonly onZoomReset: () => void;
  readonly copyLink: () => string;
  readonly spanId: string | undefined;
  readonly rowOptions: ReactNode;
}

/** The trace in one line of 40 px: what, when, how long, how much, and what can be done with it. */
export function TraceHeader(props: TraceHeaderProps) {
  const { trace, summary } = props;
  const { isStored, fileName } = useTraceSource();
  const { columns } = trace;
  return (
    <header className="trace-head">
      <h1 className="trace-title" title={props.title}>
        {summary.rootService !== '' && <span className="trace-service">{summary.rootService}</span>}
        <span className="trace-name">{summary.rootName === '' ? text.trace.noRoot : summary.rootName}</span>
      </h1>
      <span className="trace-id">
        <code title={columns.traceId}>{columns.traceId.slice(0, 8)}…</code>
        <CopyButton value={columns.traceId} label={text.trace.copyTraceId} />
      </span>
      <ul className="trace-facts">
        {fileName !== undefined && (
          <li>
            <Link to="/import" className="chip is-file" title={text.import.fromFile(fileName)}>
              {text.export.fileChip(fileName)}
            </Link>
          </li>
        )}
        <li className="is-strong">{formatDuration(columns.durationNano)}</li>
        <li>
          <Time unixNano={columns.startTimeUnixNano} zone />
        </li>
        <li>{text.trace.spans(columns.spanCount)}</li>
        <li>{text.trace.services(summary.services.length)}</li>
        <li className="is-minor">{text.trace.depth(trace.maxDepth + 1)}</li>
        {trace.errorRows.length > 0 && (
          <li>
            <button type="button" className="chip is-error" title={text.trace.nextError} onClick={props.onNextError}>
              <Icon name="error" />
              {text.trace.errors(trace.errorRows.length)}
            </button>
          </li>
        )}
        <TraceWarnings summary={summary} />
      </ul>
      <div className="trace-actions">
        <ViewSwitch view={props.view} onView={props.onView} />
        <button
          type="button"
          className="button is-quiet is-small"
          aria-pressed={props.criticalShown}
          title={text.trace.criticalPathHint}
          onClick={props.onCritical}
        >
          <Icon name="path" />
          <span className="trace-action-text">{text.trace.criticalPath}</span>
        </button>
        {props.rowOptions}
        <IconButton icon="fold" label={text.trace.foldAll} onClick={props.onFoldAll} />
        <IconButton icon="unfold" label={text.trace.unfoldAll} onClick={props.onUnfoldAll} />
        <span className="trace-zoom">
          <IconButton icon="minus" label={text.trace.zoomOut} onClick={props.onZoomOut} />
          <IconButton icon="plus" label={text.trace.zoomIn} onClick={props.onZoomIn} />
          <IconButton icon="fit" label={`${text.trace.zoomReset} (0)`} onClick={props.onZoomReset} />
        </span>
        <CopyButton value={props.copyLink} label={text.commands.withKey(text.trace.copyLink, 'y')} />
        {isStored && <CompareLink traceId={columns.traceId} />}
        <ExportMenu columns={columns} view={props.view} spanId={props.spanId} copyLink={props.copyLink} />
      </div>
    </header>
  );
}
