import type { FoundTrace } from '@clew/contract';
import { parseTraceId, spanIdAt, type TraceColumns } from '@clew/model';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useMemo, useRef } from 'react';
import { text } from '../../../text/catalogue.ts';
import { formatCount } from '../../../text/format-count.ts';
import { formatDuration } from '../../../text/format-duration.ts';
import type { ServiceColour } from '../../../timeline/service-colours.ts';
import { Icon } from '../../../widgets/icon.tsx';
import { IconButton } from '../../../widgets/icon-button.tsx';
import { ServiceDot } from '../../../widgets/service-dot.tsx';
import { Time } from '../../../widgets/time.tsx';
import { useCommands } from '../../../widgets/use-commands.ts';
import { traceQuery } from '../../trace/trace-query.ts';
import { summarizeServices } from './summarize-services.ts';
import './preview-drawer.css';

/** A trace at a glance beside the list: when which service was at work, and what failed. */
export function PreviewDrawer(props: {
  readonly trace: FoundTrace;
  readonly colours: ReadonlyMap<string, ServiceColour>;
  readonly onClose: () => void;
}) {
  const { trace, onClose } = props;
  const words = text.found.preview;
  const drawer = useRef<HTMLElement>(null);
  // A panel above the drawer closes first.
  useCommands([
    {
      id: 'explore.close-preview',
      group: 'explore',
      label: text.commands.close,
      keys: ['Escape'],
      run: () => (document.querySelector(':popover-open') === null ? onClose() : false),
      palette: false,
    },
  ]);
  useEffect(() => {
    // The list keeps the focus: the drawer follows from row to row.
    drawer.current?.scrollTo(0, 0);
  }, [trace.traceId]);
  const traceId = parseTraceId(trace.traceId);
  return (
    <aside ref={drawer} className="preview" aria-label={words.label}>
      <header className="preview-head">
        <h2>
          {trace.rootService !== '' && <span className="is-muted">{trace.rootService}</span>}{' '}
          {trace.rootName === '' ? text.explore.results.noRoot : trace.rootName}
        </h2>
        <IconButton icon="close" label={words.close} onClick={onClose} />
      </header>
      <p className="preview-facts">
        <Time unixNano={trace.startTimeUnixNano} zone /> · {formatDuration(Number(trace.durationNano))} ·{' '}
        {text.explore.results.spans(trace.spanCount)}
      </p>
      {traceId !== undefined && <Summary traceId={traceId} colours={props.colours} />}
      <Link to="/trace/$traceId" params={{ traceId: trace.traceId }} className="button is-primary" preload={false}>
        {words.open}
      </Link>
    </aside>
  );
}

function Summary(props: {
  readonly traceId: NonNullable<ReturnType<typeof parseTraceId>>;
  readonly colours: ReadonlyMap<string, ServiceColour>;
}) {
  const words = text.found.preview;
  const { data, error } = useQuery(traceQuery(props.traceId));
  const summary = useMemo(() => (data === undefined ? undefined : summarizeServices(data)), [data]);
  if (error !== null) return <p className="preview-note">{words.failed(error.message)}</p>;
  if (summary === undefined || data === undefined) return <p className="preview-note">{words.loading}</p>;
  const total = Math.max(1, data.durationNano);
  return (
    <>
      <h3>{words.services}</h3>
      <ol className="preview-services">
        {summary.services.map((service) => {
          const colour = props.colours.get(service.name) ?? { colour: 0, monogram: '' };
          return (
            <li key={service.name} title={words.service(service.name, service.spanCount, service.errorCount)}>
              <span className="preview-name">
                <ServiceDot colour={colour.colour} monogram={colour.monogram} />
                {service.name}
                {service.errorCount > 0 && <Icon name="error" />}
              </span>
              <span className="preview-lane" aria-hidden="true">
                <i
                  ref={(element) => {
                    element?.style.setProperty('left', `${(service.firstNano / total) * 100}%`);
                    element?.style.setProperty(
                      'width',
                      `${Math.max(0.7, ((service.lastNano - service.firstNano) / total) * 100)}%`,
                    );
                    element?.style.setProperty('background', `var(--service-${colour.colour})`);
                  }}
                />
              </span>
              <span className="is-muted">{formatCount(service.spanCount)}</span>
            </li>
          );
        })}
      </ol>
      {summary.hiddenServices > 0 && <p className="preview-note">{words.moreServices(summary.hiddenServices)}</p>}
      <h3>{words.errors(summary.errorCount)}</h3>
      <ErrorList columns={data} rows={summary.errorRows} />
    </>
  );
}

function ErrorList({ columns, rows }: { readonly columns: TraceColumns; readonly rows: readonly number[] }) {
  return (
    <ul className="preview-errors">
      {rows.map((row) => (
        <li key={row}>
          <Icon name="error" />
          <Link
            to="/trace/$traceId"
            params={{ traceId: columns.traceId }}
            search={{ span: spanIdAt(columns, row) }}
            preload={false}
          >
            <span className="is-muted">{columns.services[columns.service[row]]}</span>{' '}
            {columns.names[columns.name[row]]}
          </Link>
          <span className="is-muted">{formatDuration(columns.duration[row])}</span>
        </li>
      ))}
    </ul>
  );
}
