import { type SpanId, spanIdAt } from '@clew/model';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { text } from '../../text/catalogue.ts';
import { type CriticalSections, criticalTimeOf } from '../../timeline/critical-path.ts';
import type { ServiceColour } from '../../timeline/service-colours.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { Icon } from '../../widgets/icon.tsx';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { Splitter } from '../../widgets/splitter.tsx';
import { staleProps } from '../../widgets/stale-props.ts';
import { useCommands } from '../../widgets/use-commands.ts';
import { AncestorPath } from './ancestor-path.tsx';
import { DockHead } from './dock-head.tsx';
import { DockTabs } from './dock-tabs.tsx';
import { SpanFacts } from './span-facts.tsx';
import { spanQuery } from './span-query.ts';
import { useTraceSource } from './trace-source.ts';
import type { DockState } from './use-dock.ts';
import { WhySlow } from './why-slow.tsx';
import './details-dock.css';

const MIN_WIDTH_PX = 320;
const MIN_HEIGHT_PX = 160;
const MAX_SIZE_PX = 900;

interface DetailsDockProps {
  readonly trace: TraceModel;
  readonly row: number;
  readonly colour: ServiceColour;
  readonly critical: CriticalSections | undefined;
  readonly dock: DockState;
  readonly onGoTo: (row: number) => void;
  readonly onClose: () => void;
}

/** Everything known about the selected span, beside or below the waterfall, or one line that brings it back. */
export function DetailsDock(props: DetailsDockProps) {
  const { trace, row, dock } = props;
  useCommands([
    {
      id: 'trace.toggleDetails',
      group: 'trace',
      label: text.dock.toggle,
      keys: ['i'],
      run: () => dock.onPlace(dock.place === 'off' ? dock.side : 'off'),
    },
  ]);
  if (dock.place !== 'off') return <OpenDock {...props} />;
  const name = trace.columns.names[trace.columns.name[row]];
  return (
    <aside className="dock is-off" aria-label={text.trace.dock.label}>
      <button
        type="button"
        className="button is-quiet is-small"
        title={text.dock.show}
        onClick={() => dock.onPlace(dock.side)}
      >
        <Icon name={dock.side === 'right' ? 'dockRight' : 'dockBottom'} />
        {text.dock.hidden(name === '' ? text.trace.namelessSpan : name)}
      </button>
    </aside>
  );
}

function OpenDock(props: DetailsDockProps) {
  const { trace, row, dock, critical } = props;
  const { columns } = trace;
  const spanId: SpanId = spanIdAt(columns, row);
  const source = useTraceSource();
  const details = useQuery({ ...spanQuery(source, columns.traceId, spanId), placeholderData: keepPreviousData });
  const answer = details.data;
  return (
    <aside
      className={`dock is-${dock.side}`}
      aria-label={text.trace.dock.label}
      ref={(element) => element?.style.setProperty('--dock-size', `${dock.size}px`)}
    >
      <Splitter
        label={`${text.shell.resize}: ${text.trace.dock.label}`}
        grows={dock.side === 'right' ? 'left' : 'up'}
        size={dock.size}
        min={dock.side === 'right' ? MIN_WIDTH_PX : MIN_HEIGHT_PX}
        max={MAX_SIZE_PX}
        onSize={dock.onSize}
      />
      <DockHead {...props} spanId={spanId} />
      <AncestorPath trace={trace} row={row} onGoTo={props.onGoTo} />
      <SpanFacts trace={trace} row={row} span={details.isPlaceholderData ? undefined : answer?.span} />
      <WhySlow
        trace={trace}
        row={row}
        criticalShare={
          critical === undefined || critical.total === 0 ? undefined : criticalTimeOf(critical, row) / critical.total
        }
      />
      {details.error !== null && <ProblemMessage error={details.error} onRetry={() => void details.refetch()} />}
      {details.isFetching && <div className="progress" />}
      {answer !== undefined && (
        <div {...staleProps(details.isPlaceholderData, 'dock-body')}>
          <DockTabs trace={trace} spanId={spanId} answer={answer} onGoTo={props.onGoTo} />
        </div>
      )}
    </aside>
  );
}
