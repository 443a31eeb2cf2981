const COLOURS = 8;
const DASHES = 5;

/** Colour by the rest, and another dash for each round of colours: no two series look the same by colour alone. */
export function seriesClass(index: number): string {
  return `is-series-${index % COLOURS} is-dash-${Math.floor(index / COLOURS) % DASHES}`;
}

/** A piece of the series' line, for legends. */
export function SeriesMark({ index }: { readonly index: number }) {
  return (
    <svg className="series-swatch" width="22" height="10" aria-hidden="true">
      <path d="M1 5H21" className={`series-line ${seriesClass(index)}`} />
    </svg>
  );
}
