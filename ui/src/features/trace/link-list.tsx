import type { OtlpJsonSpan } from '@clew/contract';
import { Link } from '@tanstack/react-router';
import { text } from '../../text/catalogue.ts';
import { Icon } from '../../widgets/icon.tsx';
import { AttributeTable } from './attribute-table.tsx';

/** The spans a span links to. */
export function LinkList({ span }: { readonly span: OtlpJsonSpan }) {
  const links = span.links ?? [];
  if (links.length === 0) return <p className="dock-none">{text.trace.dock.noLinks}</p>;
  return (
    <ul className="links">
      {links.map((link) => (
        <li key={`${link.traceId}${link.spanId}`}>
          <Link
            to="/trace/$traceId"
            params={{ traceId: link.traceId }}
            search={{ span: link.spanId }}
            title={text.trace.dock.openLink}
          >
            <Icon name="link" />
            <code>{`${link.traceId} / ${link.spanId}`}</code>
          </Link>
          {(link.attributes ?? []).length > 0 && (
            <AttributeTable attributes={link.attributes ?? []} dropped={link.droppedAttributesCount} />
          )}
        </li>
      ))}
    </ul>
  );
}
