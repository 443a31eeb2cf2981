import type { FoundSpanRow } from '@clew/contract';
import { SPAN_KINDS, STATUS_CODES } from '@clew/model';
import { Link } from '@tanstack/react-router';
import { memo, useMemo } from 'react';
import { text } from '../../../text/catalogue.ts';
import { formatDuration } from '../../../text/format-duration.ts';
import { formatDay, millisOfNanos } from '../../../text/format-time.ts';
import { assignServiceColours, type ServiceColour } from '../../../timeline/service-colours.ts';
import { Icon } from '../../../widgets/icon.tsx';
import { ServiceDot } from '../../../widgets/service-dot.tsx';
import { Time } from '../../../widgets/time.tsx';
import { attributeValue } from '../../series/series-label.ts';

/** One row a matching span, with the chosen columns. */
export function SpanRows(props: {
  readonly spans: readonly FoundSpanRow[];
  readonly columns: readonly string[];
  readonly nowMs: number;
  readonly isStale: boolean;
  readonly onRemoveColumn: (name: string) => void;
}) {
  const { spans, columns } = props;
  const words = text.found.spans;
  const colours = useMemo(() => assignServiceColours(servicesOf(spans)), [spans]);
  const longestNano = useMemo(
    () => spans.reduce((most, span) => Math.max(most, Number(span.durationNano)), 0),
    [spans],
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table that scrolls sideways must be reachable by keyboard.
    <section className="span-rows" tabIndex={0} aria-label={words.table}>
      <table className={props.isStale ? 'is-stale' : ''}>
        <thead>
          <tr>
            <th scope="col">{words.time}</th>
            <th scope="col">{words.service}</th>
            <th scope="col">{words.name}</th>
            <th scope="col" className="is-number">
              {words.duration}
            </th>
            <th scope="col">{words.status}</th>
            {columns.map((name) => (
              <th key={name} scope="col">
                <span className="span-column">
                  {name}
                  <button
                    type="button"
                    aria-label={text.found.columns.remove(name)}
                    title={text.found.columns.remove(name)}
                    onClick={() => props.onRemoveColumn(name)}
                  >
                    <Icon name="close" />
                  </button>
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {spans.map((span, at) => (
            <SpanRow
              // Spans that were stored twice have the same ids.
              key={`${span.traceId} ${span.spanId} ${at}`}
              span={span}
              columns={columns}
              colour={colours.get(span.service)}
              longestNano={longestNano}
              nowMs={props.nowMs}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function servicesOf(spans: readonly FoundSpanRow[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { service } of spans) counts.set(service, (counts.get(service) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
}

const SpanRow = memo(function SpanRow(props: {
  readonly span: FoundSpanRow;
  readonly columns: readonly string[];
  readonly colour: ServiceColour | undefined;
  readonly longestNano: number;
  readonly nowMs: number;
}) {
  const { span, colour } = props;
  const durationNano = Number(span.durationNano);
  const isError = span.statusCode === 2;
  return (
    <tr className={isError ? 'has-error' : ''} data-trace={span.traceId} data-span={span.spanId}>
      <td>
        <Time
          unixNano={span.startTimeUnixNano}
          as={isToday(span.startTimeUnixNano, props.nowMs) ? 'clock' : 'instant'}
        />
      </td>
      <td>
        <span className="span-service">
          {colour !== undefined && <ServiceDot colour={colour.colour} monogram={colour.monogram} />}
          {span.service}
        </span>
      </td>
      <th scope="row">
        <Link
          to="/trace/$traceId"
          params={{ traceId: span.traceId }}
          search={{ span: span.spanId }}
          className="result-link"
          data-trace={span.traceId}
          preload={false}
        >
          {span.name === '' ? text.found.spans.noName : span.name}
        </Link>
        {span.kind > 1 && <span className="span-kind">{SPAN_KINDS[span.kind] ?? span.kind}</span>}
      </th>
      <td className="is-number">
        <span className="result-bar" aria-hidden="true">
          <i
            ref={(element) => {
              const part = props.longestNano > 0 ? durationNano / props.longestNano : 0;
              element?.style.setProperty('width', `${Math.max(0.5, part * 100)}%`);
            }}
          />
        </span>
        <span className="span-duration">{formatDuration(durationNano)}</span>
      </td>
      <td>
        {isError ? (
          <span className="chip is-error">
            <Icon name="error" />
            {STATUS_CODES[2]}
          </span>
        ) : (
          <span className="is-muted">{STATUS_CODES[span.statusCode] ?? span.statusCode}</span>
        )}
      </td>
      {props.columns.map((name) => (
        <td key={name} className="span-value" title={cell(span, name)}>
          {cell(span, name) ?? <span className="is-muted">–</span>}
        </td>
      ))}
    </tr>
  );
});

/** Then the day goes without saying. */
function isToday(unixNano: string, nowMs: number): boolean {
  return formatDay(millisOfNanos(unixNano)) === formatDay(nowMs);
}

function cell(span: FoundSpanRow, name: string): string | undefined {
  const attribute = span.attributes?.find((one) => one.name === name);
  return attribute === undefined ? undefined : attributeValue(attribute);
}
