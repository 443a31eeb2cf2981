import { text } from '../../text/catalogue.ts';
import { formatCompact } from '../../text/format-count.ts';
import { type ColourCategory, type ColourScheme, colourVariable } from '../../timeline/colour-scheme.ts';
import { findOfCategory } from './build-scheme.ts';
import './colour-legend.css';

/** More would be a list to scroll through, not a legend; services are shown all. */
const CATEGORIES_MAX = 60;

/** What the colours of the rows mean; a click finds the spans of a category. Services come heaviest first. */
export function ColourLegend(props: {
  readonly scheme: ColourScheme;
  /** Categories in the order to show; those without spans are left out. */
  readonly order: readonly number[];
  readonly find: string | undefined;
  readonly onFind: (find: string | undefined) => void;
}) {
  const { scheme } = props;
  const used = props.order.filter((category) => scheme.categories[category].spanCount > 0);
  const shown = scheme.by === 'service' ? used : used.slice(0, CATEGORIES_MAX);
  return (
    <ul
      className="legend"
      aria-label={scheme.by === 'service' ? text.trace.legend : text.waterfall.legendOf(scheme.by)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must do so from the keyboard.
      tabIndex={0}
    >
      {shown.map((category) => {
        const { label, spanCount } = scheme.categories[category];
        const find = findOfCategory(scheme, category);
        const isFound = find !== undefined && props.find === find;
        return (
          <li key={category}>
            <button
              type="button"
              className="legend-item"
              aria-pressed={isFound}
              disabled={find === undefined}
              title={text.trace.legendFind(label)}
              onClick={() => props.onFind(isFound ? undefined : find)}
            >
              <CategoryDot category={scheme.categories[category]} />
              <span className="legend-name">{label}</span>
              <span className="legend-count">{formatCompact(spanCount)}</span>
            </button>
          </li>
        );
      })}
      {shown.length < used.length && (
        <li className="legend-more">{text.waterfall.moreCategories(used.length - shown.length)}</li>
      )}
    </ul>
  );
}

function CategoryDot({ category: { colour, monogram } }: { readonly category: ColourCategory }) {
  const value = colourVariable(colour);
  const isMarked = monogram !== '';
  return (
    <span
      className={`service-dot${isMarked ? ' has-monogram' : ''}`}
      style={isMarked ? { borderColor: value } : { backgroundColor: value }}
      aria-hidden="true"
    >
      {monogram}
    </span>
  );
}
