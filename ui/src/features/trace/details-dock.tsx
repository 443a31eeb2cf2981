import { type SpanId, spanIdAt } from '@clew/model';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { text } from '../../text/catalogue.ts';
import { type CriticalSections, criticalTimeOf } from '../../timeline/critical-path.ts';
import type { ServiceColour } from '../../timeline/service-colours.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { Icon } from '../../widgets/icon.tsx';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { ServiceDot } from '../../widgets/service-dot.tsx';
import { Splitter } from '../../widgets/splitter.tsx';
import { Tabs } from '../../widgets/tabs.tsx';
import { EventList } from './event-list.tsx';
import { LinkList } from './link-list.tsx';
import { SpanAttributes } from './span-attributes.tsx';
import { SpanFacts } from './span-facts.tsx';
import { spanQuery } from './span-query.ts';
import { useTraceSource } from './trace-source.ts';
import './details-dock.css';

type DockTab = 'attributes' | 'events' | 'links' | 'raw';

/** Everything known about the selected span, beside or below the waterfall. */
export function DetailsDock(props: {
  readonly trace: TraceModel;
  readonly row: number;
  readonly colour: ServiceColour;
  readonly critical: CriticalSections | undefined;
  readonly side: 'right' | 'bottom';
  /** Pixels. */
  readonly size: number;
  readonly onSize: (size: number) => void;
  readonly onGoTo: (row: number) => void;
  readonly onClose: () => void;
}) {
  const { trace, row, side, size, critical } = props;
  const { columns } = trace;
  const spanId: SpanId = spanIdAt(columns, row);
  const [tab, setTab] = useState<DockTab>('attributes');
  const source = useTraceSource();
  const details = useQuery({ ...spanQuery(source, columns.traceId, spanId), placeholderData: keepPreviousData });
  const answer = details.data;
  const name = columns.names[columns.name[row]];
  return (
    <aside
      className={`dock is-${side}`}
      aria-label={text.trace.dock.label}
      ref={(element) => element?.style.setProperty('--dock-size', `${size}px`)}
    >
      <Splitter
        label={`${text.shell.resize}: ${text.trace.dock.label}`}
        grows={side === 'right' ? 'left' : 'up'}
        size={size}
        min={side === 'right' ? 320 : 160}
        max={900}
        onSize={props.onSize}
      />
      <header className="dock-head">
        <h2>
          <ServiceDot colour={props.colour.colour} monogram={props.colour.monogram} />
          <span className="dock-service">{columns.services[columns.service[row]]}</span>
          <span className="dock-name">{name === '' ? text.trace.namelessSpan : name}</span>
        </h2>
        <CopyButton value={spanId} label={text.trace.dock.copySpanId} />
        <button
          type="button"
          className="button is-quiet is-small is-icon"
          aria-label={text.trace.dock.close}
          title={text.trace.dock.close}
          onClick={props.onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      <SpanFacts
        trace={trace}
        row={row}
        span={details.isPlaceholderData ? undefined : answer?.span}
        criticalShare={
          critical === undefined || critical.total === 0 ? 0 : criticalTimeOf(critical, row) / critical.total
        }
        onGoTo={props.onGoTo}
      />
      {details.error !== null && <ProblemMessage error={details.error} onRetry={() => void details.refetch()} />}
      {details.isFetching && <div className="progress" />}
      {answer !== undefined && (
        <div className={`dock-body${details.isPlaceholderData ? ' is-stale' : ''}`}>
          <Tabs<DockTab>
            label={text.trace.dock.label}
            chosen={tab}
            onChoose={setTab}
            tabs={[
              { key: 'attributes', label: text.trace.dock.tabs.attributes, count: answer.span.attributes?.length ?? 0 },
              { key: 'events', label: text.trace.dock.tabs.events, count: answer.span.events?.length ?? 0 },
              { key: 'links', label: text.trace.dock.tabs.links, count: answer.span.links?.length ?? 0 },
              { key: 'raw', label: text.trace.dock.tabs.raw },
            ]}
          >
            {tab === 'attributes' && <SpanAttributes answer={answer} />}
            {tab === 'events' && <EventList span={answer.span} />}
            {tab === 'links' && <LinkList span={answer.span} />}
            {tab === 'raw' && (
              <div className="raw">
                <p className="dock-none">
                  {text.trace.dock.raw}
                  <CopyButton value={() => JSON.stringify(answer, undefined, 2)} label={text.shell.copy} />
                </p>
                <pre>{JSON.stringify(answer, undefined, 2)}</pre>
              </div>
            )}
          </Tabs>
        </div>
      )}
    </aside>
  );
}
