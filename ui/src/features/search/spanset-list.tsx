import type { FoundSpan, FoundSpanset } from '@clew/contract';
import { Link } from '@tanstack/react-router';
import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { Icon } from '../../widgets/icon.tsx';
import { attributeValue } from '../series/series-label.ts';

/** Sets of a trace that are listed; the trace itself shows the rest. */
const MAX_SETS = 5;

/** What a query of sets found in a trace: each group with its numbers, and its longest spans with what was selected. */
export function SpansetList(props: { readonly traceId: string; readonly spansets: readonly FoundSpanset[] }) {
  const { spansets, traceId } = props;
  const shown = spansets.slice(0, MAX_SETS);
  const hidden = spansets.length - shown.length;
  return (
    <ul className="spansets">
      {shown.map((set, index) => (
        <li key={index}>
          {(set.attributes.length > 0 || spansets.length > 1) && (
            <p className="spanset-head">
              {set.attributes.map(({ name, ...rest }) => (
                <span key={name} className="spanset-attribute">
                  <span className="is-muted">{name}</span> {attributeValue({ name, ...rest })}
                </span>
              ))}
              <span className="is-muted">{text.explore.results.spans(set.matchedCount)}</span>
            </p>
          )}
          {set.spans.length > 0 && <SpanTable traceId={traceId} set={set} />}
        </li>
      ))}
      {hidden > 0 && <li className="is-muted">{text.explore.results.moreSets(hidden)}</li>}
    </ul>
  );
}

function SpanTable({ traceId, set }: { readonly traceId: string; readonly set: FoundSpanset }) {
  const columns = [...new Set(set.spans.flatMap((span) => (span.attributes ?? []).map(({ name }) => name)))];
  return (
    <table className="spanset-spans">
      <thead className={columns.length === 0 ? 'visually-hidden' : ''}>
        <tr>
          <th scope="col">{text.explore.results.span}</th>
          <th scope="col">{text.explore.duration}</th>
          {columns.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {set.spans.map((span, index) => (
          <tr key={index}>
            <th scope="row">
              <Link to="/trace/$traceId" params={{ traceId }} search={{ span: span.spanId }} preload={false}>
                {span.statusCode === 2 && <Icon name="error" />}
                <span className="is-muted">{span.service}</span> {span.name}
              </Link>
            </th>
            <td>{formatDuration(Number(span.durationNano))}</td>
            {columns.map((name) => (
              <td key={name}>{cell(span, name)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function cell(span: FoundSpan, name: string): string {
  const attribute = span.attributes?.find((one) => one.name === name);
  return attribute === undefined ? '–' : attributeValue(attribute);
}
