import type { OtlpJsonSpan } from '@clew/contract';
import type { SpanId } from '@clew/model';
import { useQuery } from '@tanstack/react-query';
import { text } from '../../text/catalogue.ts';
import { formatInstant, millisOfNanos } from '../../text/format-time.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { MAX_LINKING_SPANS } from '../../tracefile/linking-spans.ts';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { AttributeTable } from './attribute-table.tsx';
import { SpanLinkTarget } from './span-link-target.tsx';
import { useTraceSource } from './trace-source.ts';

interface LinkListProps {
  readonly trace: TraceModel;
  readonly spanId: SpanId;
  readonly span: OtlpJsonSpan;
  readonly onGoTo: (row: number) => void;
}

/** The spans a span links to, and those that link to it. */
export function LinkList(props: LinkListProps) {
  const links = props.span.links ?? [];
  return (
    <>
      <h3 className="dock-group">{text.dock.links.outgoing}</h3>
      {links.length === 0 && <p className="dock-none">{text.dock.links.noOutgoing}</p>}
      <ul className="links">
        {links.map((link, index) => (
          <li key={index}>
            <SpanLinkTarget {...props} to={link} caption={`${link.traceId} / ${link.spanId}`} />
            {(link.attributes ?? []).length > 0 && (
              <AttributeTable attributes={link.attributes ?? []} scope="link" dropped={link.droppedAttributesCount} />
            )}
          </li>
        ))}
      </ul>
      <h3 className="dock-group">{text.dock.links.incoming}</h3>
      <IncomingLinks {...props} />
    </>
  );
}

function IncomingLinks(props: LinkListProps) {
  const { trace, spanId } = props;
  const { columns } = trace;
  const source = useTraceSource();
  const found = useQuery({
    queryKey: ['linking-spans', source.key, columns.traceId, spanId],
    queryFn: ({ signal }) => source.loadLinkingSpans(columns, spanId, signal),
    staleTime: 60_000,
    retry: false,
  });
  if (found.error !== null) return <ProblemMessage error={found.error} onRetry={() => void found.refetch()} />;
  if (found.data === undefined) return <p className="dock-none">{text.dock.links.looking}</p>;
  if (found.data.length === 0) {
    const { noIncoming, noIncomingInFile } = text.dock.links;
    return <p className="dock-none">{source.isStored ? noIncoming : noIncomingInFile}</p>;
  }
  return (
    <>
      <ul className="links">
        {found.data.map((span) => (
          <li key={`${span.traceId}${span.spanId}`}>
            <SpanLinkTarget {...props} to={span} caption={`${span.service} ${span.name}`} />
            <p className="links-when">{formatInstant(millisOfNanos(span.startTimeUnixNano))}</p>
          </li>
        ))}
      </ul>
      {found.data.length >= MAX_LINKING_SPANS && <p className="dock-none">{text.dock.links.most(MAX_LINKING_SPANS)}</p>}
    </>
  );
}
