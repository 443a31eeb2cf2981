import type { QualityAnswer } from '@clew/contract';
import { text } from '../../text/catalogue.ts';
import { formatCount } from '../../text/format-count.ts';
import { formatDecimal } from '../../text/format-number.ts';
import { Fact, FactList } from './fact-list.tsx';
import { FigureTable } from './figure-table.tsx';

const words = text.health.sampling;

/** How many spans the stored ones stand for, as their samplers wrote it into them. */
export function SamplingPanel({ quality }: { readonly quality: QualityAnswer }) {
  const { services } = quality;
  const total = (of: (service: (typeof services)[number]) => number): number =>
    services.reduce((sum, service) => sum + of(service), 0);
  const sampled = services.filter((service) => service.sampled > 0);
  return (
    <>
      <p>{words.lead}</p>
      <FactList>
        <Fact label={words.stored} value={formatCount(quality.spanCount)} />
        <Fact label={words.stand} value={formatCount(Math.round(total(({ weight }) => weight)))} />
        <Fact label={words.sampled} value={formatCount(total((service) => service.sampled))} />
        <Fact
          label={words.largest}
          value={weightText(services.reduce((largest, { maxWeight }) => Math.max(largest, maxWeight), 1))}
        />
      </FactList>
      <FigureTable
        caption={words.byService}
        rows={sampled}
        keyOf={({ service }) => service}
        empty={words.none}
        columns={[
          { name: words.service, cell: ({ service }) => service },
          { name: words.stored, isFigure: true, cell: ({ spanCount }) => formatCount(spanCount) },
          { name: words.sampled, isFigure: true, cell: (service) => formatCount(service.sampled) },
          { name: words.stand, isFigure: true, cell: ({ weight }) => formatCount(Math.round(weight)) },
          {
            name: words.kept,
            isFigure: true,
            cell: ({ weight, spanCount }) => words.ratio(weightText(weight / spanCount)),
          },
          { name: words.largest, isFigure: true, cell: ({ maxWeight }) => weightText(maxWeight) },
        ]}
      />
    </>
  );
}

function weightText(weight: number): string {
  return weight < 10 ? formatDecimal(weight, 2) : formatCount(Math.round(weight));
}
