import type { SpanId } from '@clew/model';
import { text } from '../../text/catalogue.ts';
import type { ServiceColour } from '../../timeline/service-colours.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { IconButton } from '../../widgets/icon-button.tsx';
import { ServiceDot } from '../../widgets/service-dot.tsx';
import type { DockState } from './use-dock.ts';

/** Whose details these are, and where they stand. */
export function DockHead(props: {
  readonly trace: TraceModel;
  readonly row: number;
  readonly spanId: SpanId;
  readonly colour: ServiceColour;
  readonly dock: DockState;
  readonly onClose: () => void;
}) {
  const { trace, row, dock } = props;
  const { columns } = trace;
  const name = columns.names[columns.name[row]];
  const other = dock.side === 'right' ? 'bottom' : 'right';
  return (
    <header className="dock-head">
      <h2>
        <ServiceDot colour={props.colour.colour} monogram={props.colour.monogram} />
        <span className="dock-service">{columns.services[columns.service[row]]}</span>
        <span className="dock-name">{name === '' ? text.trace.namelessSpan : name}</span>
      </h2>
      <CopyButton value={props.spanId} label={text.trace.dock.copySpanId} />
      {dock.canBeRight && (
        <IconButton
          icon={other === 'right' ? 'dockRight' : 'dockBottom'}
          label={other === 'right' ? text.dock.toRight : text.dock.toBottom}
          onClick={() => dock.onPlace(other)}
        />
      )}
      <IconButton icon="minus" label={text.dock.hide} onClick={() => dock.onPlace('off')} />
      <IconButton icon="close" label={text.trace.dock.close} onClick={props.onClose} />
    </header>
  );
}
