import type { FoundSeries } from '@clew/contract';
import { Link } from '@tanstack/react-router';
import { text } from '../../text/catalogue.ts';
import { formatInstant } from '../../text/format-time.ts';
import type { MetricUnit } from '../search/query-kind.ts';
import { formatMetric } from './format-metric.ts';
import type { SeriesExample } from './series-examples.ts';
import { seriesLabel } from './series-label.ts';
import { SeriesMark } from './series-mark.tsx';

/** The points of the chart as links, for the keyboard and for reading. */
export function SeriesExampleList(props: {
  readonly examples: readonly SeriesExample[];
  readonly series: readonly FoundSeries[];
  readonly unit: MetricUnit;
}) {
  const { examples, series, unit } = props;
  return (
    <details className="series-examples">
      <summary>{text.series.examples(examples.length)}</summary>
      <ul>
        {examples.map((example) => (
          <li key={`${example.spanId} ${example.traceId} ${example.series}`}>
            <Link
              to="/trace/$traceId"
              params={{ traceId: example.traceId }}
              search={{ span: example.spanId }}
              preload={false}
            >
              <SeriesMark index={example.series} />
              <span className="series-example-time">{formatInstant(example.startMs)}</span>
              <span>{seriesLabel(series[example.series])}</span>
              {unit === 'seconds' && example.measured !== null && <b>{formatMetric(example.measured, unit)}</b>}
            </Link>
          </li>
        ))}
      </ul>
    </details>
  );
}
