import { text } from '../../text/catalogue.ts';
import { formatCompact } from '../../text/format-count.ts';
import { ServiceDot } from '../../widgets/service-dot.tsx';
import type { ServiceShare } from './trace-summary.ts';
import './service-legend.css';

/** The trace's services and their colours, heaviest first; a click finds a service's spans. */
export function ServiceLegend(props: {
  readonly services: readonly ServiceShare[];
  readonly find: string | undefined;
  readonly onFind: (find: string | undefined) => void;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so from the keyboard.
    <ul className="legend" aria-label={text.trace.legend} tabIndex={0}>
      {props.services.map((service) => {
        const found = props.find === service.name;
        return (
          <li key={service.name}>
            <button
              type="button"
              className="legend-item"
              aria-pressed={found}
              title={text.trace.legendFind(service.name)}
              onClick={() => props.onFind(found ? undefined : service.name)}
            >
              <ServiceDot colour={service.colour} monogram={service.monogram} />
              <span className="legend-name">{service.name}</span>
              <span className="legend-count">{formatCompact(service.spanCount)}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
