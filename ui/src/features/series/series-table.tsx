import type { FoundSeries } from '@clew/contract';
import { text } from '../../text/catalogue.ts';
import type { MetricUnit } from '../search/query-kind.ts';
import { formatMetric } from './format-metric.ts';
import { figuresOf } from './series-figures.ts';
import { seriesLabel } from './series-label.ts';
import { SeriesMark } from './series-mark.tsx';

/** Legend and figures in one; a row under the pointer or with the focus stands out in the chart. */
export function SeriesTable(props: {
  readonly series: readonly FoundSeries[];
  readonly unit: MetricUnit;
  /** Buckets that have all their spans. */
  readonly whole: number;
  readonly onChosen: (index: number) => void;
}) {
  const { unit } = props;
  const columns = text.series.columns;
  return (
    <table className="series-table">
      <caption className="visually-hidden">{text.series.tableLabel}</caption>
      <thead>
        <tr>
          <th scope="col">{columns.series}</th>
          {(['last', 'min', 'avg', 'max'] as const).map((key) => (
            <th key={key} scope="col" className="is-number">
              {columns[key]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.series.map((one, index) => {
          const figures = figuresOf(one, props.whole);
          return (
            <tr key={index} onPointerEnter={() => props.onChosen(index)} onPointerLeave={() => props.onChosen(-1)}>
              <th scope="row">
                <span className="series-name">
                  <SeriesMark index={index} />
                  <span>{seriesLabel(one)}</span>
                </span>
              </th>
              {(['last', 'min', 'avg', 'max'] as const).map((key) => (
                <td key={key} className="is-number">
                  {formatMetric(figures[key], unit)}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
