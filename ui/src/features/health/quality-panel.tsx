import type { QualityAnswer, ServiceQuality } from '@clew/contract';
import { UNKNOWN_SERVICE } from '@clew/model';
import { text } from '../../text/catalogue.ts';
import { formatCount } from '../../text/format-count.ts';
import { formatPercent } from '../../text/format-number.ts';
import { FigureTable } from './figure-table.tsx';

const words = text.health.quality;

interface Check {
  readonly key: keyof typeof words.checks;
  readonly count: number;
  /** Of so many spans. */
  readonly of: number;
}

/** What is odd about the spans, why that happens, and whose they are. */
export function QualityPanel({ quality }: { readonly quality: QualityAnswer }) {
  const { sample, statistics, services } = quality;
  const listed = services.reduce((sum, { spanCount }) => sum + spanCount, 0);
  return (
    <>
      <FigureTable
        caption={text.health.tabs.quality}
        rows={checksOf(quality)}
        keyOf={({ key }) => key}
        empty={text.health.noSpans}
        columns={[
          { name: words.what, cell: ({ key }) => words.checks[key][0] },
          { name: words.spans, isFigure: true, cell: ({ count }) => formatCount(count) },
          { name: words.part, isFigure: true, cell: ({ count, of }) => partText(count, of) },
          { name: words.why, cell: ({ key }) => <span className="health-why">{words.checks[key][1]}</span> },
        ]}
      />
      <p className="health-note">
        {sample === undefined
          ? words.noSample
          : words.sampleOf(formatCount(sample.traceCount), formatCount(sample.spanCount), sample.oneInTraces)}
        {!statistics.complete && ` ${words.cut(statistics.incompleteReason ?? '')}`}
      </p>
      <FigureTable<ServiceQuality>
        caption={words.byService}
        rows={services}
        keyOf={({ service }) => service}
        empty={text.health.noSpans}
        columns={[
          { name: words.service, cell: ({ service }) => service },
          ...COLUMNS.map((column) => ({
            name: words.columns[column],
            isFigure: true,
            cell: (service: ServiceQuality) => formatCount(service[column]),
          })),
        ]}
      />
      {listed < quality.spanCount && (
        <p className="health-note">{words.more(formatCount(services.length), formatCount(quality.spanCount))}</p>
      )}
    </>
  );
}

const COLUMNS = ['spanCount', 'cutBySender', 'negativeDuration', 'fromTheFuture', 'late'] as const;

function checksOf({ services, spanCount, sample }: QualityAnswer): readonly Check[] {
  const unnamed = services.find(({ service }) => service === UNKNOWN_SERVICE)?.spanCount ?? 0;
  const total = (key: Exclude<(typeof COLUMNS)[number], 'spanCount'>): Check => {
    return { key, count: services.reduce((sum, service) => sum + service[key], 0), of: spanCount };
  };
  const sampled = (key: 'withoutParent' | 'beforeParent' | 'duplicates'): readonly Check[] =>
    sample === undefined ? [] : [{ key, count: sample[key], of: sample.spanCount }];
  return [
    { key: 'unnamed', count: unnamed, of: spanCount },
    ...sampled('withoutParent'),
    ...sampled('beforeParent'),
    total('negativeDuration'),
    total('fromTheFuture'),
    total('late'),
    total('cutBySender'),
    ...sampled('duplicates'),
  ];
}

/** "0.02 %"; what is there is never 0. */
function partText(count: number, of: number): string {
  if (count === 0 || of === 0) return text.health.none;
  const percent = (count / of) * 100;
  return percent < 0.01 ? '< 0.01 %' : formatPercent(count / of);
}
