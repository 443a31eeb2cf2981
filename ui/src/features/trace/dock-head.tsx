import type { SpanId } from '@clew/model';
import { text } from '../../text/catalogue.ts';
import type { ServiceColour } from '../../timeline/service-colours.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { CopyButton } from '../../widgets/copy-button.tsx';
import { Icon, type IconName } from '../../widgets/icon.tsx';
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
        <HeadButton
          icon={other === 'right' ? 'dockRight' : 'dockBottom'}
          label={other === 'right' ? text.dock.toRight : text.dock.toBottom}
          onClick={() => dock.onPlace(other)}
        />
      )}
      <HeadButton icon="minus" label={text.dock.hide} onClick={() => dock.onPlace('off')} />
      <HeadButton icon="close" label={text.trace.dock.close} onClick={props.onClose} />
    </header>
  );
}

function HeadButton(props: { readonly icon: IconName; readonly label: string; readonly onClick: () => void }) {
  return (
    <button
      type="button"
      className="button is-quiet is-small is-icon"
      aria-label={props.label}
      title={props.label}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
    </button>
  );
}
