import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { formatSpell } from './describe-cells.ts';
import { formatRate, formatShare } from './format-rate.ts';
import type { Overview } from './overview-model.ts';

/** What the small charts say of a column, or (undefined) of all of them together. */
export interface StripWords {
  readonly rate: (column: number | undefined) => string;
  readonly errors: (column: number | undefined) => string;
  readonly durations: (column: number | undefined) => string;
  readonly time: (column: number) => string;
}

export function stripWords(overview: Overview): StripWords {
  const { columnSpans, columnErrors, startMs, stepMs, total, totalErrors } = overview;
  const words = text.overview;
  const seconds = stepMs / 1000;
  // Of columns that have all their spans: the last one would make the rate look lower than it is.
  const whole = Math.max(1, overview.wholeColumns);
  const wholeSpans = columnSpans.slice(0, whole).reduce((a, b) => a + b, 0);
  return {
    rate: (column) => {
      const [spans, within] = column === undefined ? [wholeSpans, seconds * whole] : [columnSpans[column], seconds];
      return `${formatRate(spans / within)} · ${words.spans(column === undefined ? total : spans)}`;
    },
    errors: (column) => {
      const [failed, all] = column === undefined ? [totalErrors, total] : [columnErrors[column], columnSpans[column]];
      return `${formatShare(failed, all)} · ${words.errorCount(failed)}`;
    },
    durations: (column) =>
      words.quantile
        .map((name, at) => {
          const nanos = column === undefined ? overview.totalQuantiles[at] : overview.quantiles[at][column];
          return `${name} ${Number.isNaN(nanos) ? words.none : formatDuration(nanos)}`;
        })
        .join('  '),
    time: (column) => {
      const begin = startMs + column * stepMs;
      const spell = formatSpell(begin, begin + stepMs);
      return column < overview.wholeColumns ? spell : `${spell}, ${words.filling}`;
    },
  };
}
