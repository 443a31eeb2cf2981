import { Link } from '@tanstack/react-router';
import { text } from '../../text/catalogue.ts';
import { rowOfSpan } from '../../timeline/find-rows.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { Icon } from '../../widgets/icon.tsx';
import { useTraceSource } from './trace-source.ts';

/** Goes to a span: within this trace by its row, elsewhere by its page. */
export function SpanLinkTarget(props: {
  readonly trace: TraceModel;
  readonly to: { readonly traceId: string; readonly spanId: string };
  readonly caption: string;
  readonly onGoTo: (row: number) => void;
}) {
  const { trace, to, caption } = props;
  const { columns } = trace;
  const { isStored } = useTraceSource();
  const row = to.traceId === columns.traceId ? rowOfSpan(columns, to.spanId) : -1;
  if (row !== -1) {
    return (
      <button type="button" className="link-button links-target" onClick={() => props.onGoTo(row)}>
        <Icon name="link" />
        <span>
          {`${columns.services[columns.service[row]]} ${columns.names[columns.name[row]]}`}{' '}
          <small>{text.dock.links.sameTrace}</small>
        </span>
      </button>
    );
  }
  return (
    <Link
      to={isStored ? '/trace/$traceId' : '/import/$traceId'}
      params={{ traceId: to.traceId }}
      search={{ span: to.spanId }}
      className="links-target"
      title={text.dock.links.open}
    >
      <Icon name="link" />
      <span>{caption}</span>
    </Link>
  );
}
