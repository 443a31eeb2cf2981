import type { FoundSpan, FoundSpanset } from '@clew/contract';
import { Link } from '@tanstack/react-router';
import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { Icon } from '../../widgets/icon.tsx';
import { attributeValue } from '../series/series-label.ts';
import './spanset-list.css';

/** Sets of a trace that are listed; the trace itself shows the rest. */
const MAX_SETS = 5;

/** What a row says of its span whether it was selected or not. */
const SHOWN_ANYWAY: ReadonlySet<string> = new Set(['name', 'duration', 'resource.service.name']);

/** What a query of sets found in a trace: each group with its numbers, and its longest spans with what was selected. */
export function SpansetList(props: { readonly traceId: string; readonly spansets: readonly FoundSpanset[] }) {
  const { spansets, traceId } = props;
  const shown = spansets.slice(0, MAX_SETS);
  const hidden = spansets.length - shown.length;
  const columns = [
    ...new Set(shown.flatMap(({ spans }) => spans.flatMap((span) => (span.attributes ?? []).map(({ name }) => name)))),
  ].filter((name) => !SHOWN_ANYWAY.has(name));
  const hasHeads = spansets.length > 1 || spansets.some(({ attributes }) => attributes.length > 0);
  return (
    <div className="spansets">
      <table>
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
        {shown.map((set, index) => (
          <tbody key={index}>
            {hasHeads && <SetHead set={set} columns={columns.length + 2} />}
            {set.spans.map((span, at) => (
              <SpanRow key={at} traceId={traceId} span={span} columns={columns} />
            ))}
          </tbody>
        ))}
      </table>
      {hidden > 0 && <p className="is-muted">{text.explore.results.moreSets(hidden)}</p>}
    </div>
  );
}

function SetHead({ set, columns }: { readonly set: FoundSpanset; readonly columns: number }) {
  return (
    <tr className="spanset-head">
      <th scope="rowgroup" colSpan={columns}>
        {set.attributes.map((attribute) => (
          <span key={attribute.name} className="spanset-attribute">
            <span className="is-muted">{attribute.name}</span> {attributeValue(attribute)}
          </span>
        ))}
        <span className="is-muted">{text.explore.results.spans(set.matchedCount)}</span>
      </th>
    </tr>
  );
}

function SpanRow(props: { readonly traceId: string; readonly span: FoundSpan; readonly columns: readonly string[] }) {
  const { span, traceId } = props;
  return (
    <tr>
      <th scope="row">
        <Link to="/trace/$traceId" params={{ traceId }} search={{ span: span.spanId }} preload={false}>
          {span.statusCode === 2 && <Icon name="error" />}
          <span className="is-muted">{span.service}</span> {span.name}
        </Link>
      </th>
      <td>{formatDuration(Number(span.durationNano))}</td>
      {props.columns.map((name) => (
        <td key={name}>{cell(span, name)}</td>
      ))}
    </tr>
  );
}

function cell(span: FoundSpan, name: string): string {
  const attribute = span.attributes?.find((one) => one.name === name);
  return attribute === undefined ? '–' : attributeValue(attribute);
}
