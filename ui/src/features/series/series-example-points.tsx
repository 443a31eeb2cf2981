import type { FoundSeries } from '@clew/contract';
import { Link } from '@tanstack/react-router';
import { text } from '../../text/catalogue.ts';
import { formatInstant } from '../../text/format-time.ts';
import type { ChartLayout } from './chart-layout.ts';
import type { SeriesExample } from './series-examples.ts';
import { seriesLabel } from './series-label.ts';
import { seriesClass } from './series-mark.tsx';

/** Examples on the lines of the chart, for the pointer; the list below the chart has the same links. */
export function SeriesExamplePoints(props: {
  readonly examples: readonly SeriesExample[];
  readonly series: readonly FoundSeries[];
  readonly layout: ChartLayout;
}) {
  const { examples, series, layout } = props;
  return (
    <div aria-hidden="true">
      {examples.map((example) => (
        <Link
          key={`${example.spanId} ${example.traceId} ${example.series}`}
          to="/trace/$traceId"
          params={{ traceId: example.traceId }}
          search={{ span: example.spanId }}
          preload={false}
          tabIndex={-1}
          className={`series-example ${seriesClass(example.series)}`}
          style={{ left: layout.xOfBucket(example.bucket), top: layout.yOfValue(example.value) }}
          title={text.series.example(seriesLabel(series[example.series]), formatInstant(example.startMs))}
        />
      ))}
    </div>
  );
}
