import { text } from '../../text/catalogue.ts';
import { formatCompact } from '../../text/format-count.ts';
import { HEAT_SHADES, shadeColour } from './heat-colours.ts';

/** What the shades mean: from one span to the most in a cell, on a log scale. */
export function HeatLegend({ largest }: { readonly largest: number }) {
  const most = formatCompact(Math.round(largest));
  return (
    <span className="heat-legend" role="img" aria-label={text.overview.heat.legend(most)}>
      <span>{text.overview.heat.few}</span>
      <span className="heat-shades">
        {Array.from({ length: HEAT_SHADES }, (_, shade) => (
          <i key={shade} style={{ background: shadeColour(shade) }} />
        ))}
      </span>
      <span>{most}</span>
    </span>
  );
}
