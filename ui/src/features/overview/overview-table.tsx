import { useMemo } from 'react';
import { text } from '../../text/catalogue.ts';
import { formatCount } from '../../text/format-count.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { formatSpell } from './describe-cells.ts';
import { formatRate } from './format-rate.ts';
import type { Overview } from './overview-model.ts';
import { tableOf } from './table-rows.ts';

/** The numbers of all charts: times downwards, then figures and how many spans lie in each band of durations. */
export function OverviewTable({ overview }: { readonly overview: Overview }) {
  const { bands, rows } = useMemo(() => tableOf(overview), [overview]);
  const words = text.overview.table;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className="overview-table" aria-label={words.label} tabIndex={0}>
      <table>
        <caption className="visually-hidden">{words.label}</caption>
        <thead>
          <tr>
            <th scope="col">{words.time}</th>
            <th scope="col">{text.overview.rate}</th>
            <th scope="col">{words.spans}</th>
            <th scope="col">{text.overview.errors}</th>
            {text.overview.quantile.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            {bands.map((highNano) => (
              <th key={highNano} scope="col" title={text.overview.upTo(formatDuration(highNano))}>
                {words.band(formatDuration(highNano))}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.fromMs}>
              <th scope="row">{formatSpell(row.fromMs, row.toMs)}</th>
              <td>{formatRate(row.spans / ((row.toMs - row.fromMs) / 1000))}</td>
              <td>{formatCount(Math.round(row.spans))}</td>
              <td className={row.errors > 0 ? 'is-error' : ''}>{formatCount(Math.round(row.errors))}</td>
              {row.quantiles.map((nanos, at) => (
                <td key={text.overview.quantile[at]}>
                  {Number.isNaN(nanos) ? text.overview.none : formatDuration(nanos)}
                </td>
              ))}
              {row.bands.map((spans, at) => (
                <td key={bands[at]} className={spans === 0 ? 'is-muted' : ''}>
                  {formatCount(Math.round(spans))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
