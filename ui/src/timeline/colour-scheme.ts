import type { TraceColumns } from '@clew/model';
import { assignServiceColours, type ServiceColour } from './service-colours.ts';

/** Not of the palette: no value, and errors. */
export const NO_COLOUR = -1;
export const ERROR_COLOUR = -2;
export const TRANSPARENT = -3;

/** One colour of the legend. */
export interface ColourCategory extends ServiceColour {
  readonly label: string;
  readonly spanCount: number;
}

/** What the bars of a trace are coloured by. */
export interface ColourScheme {
  /** `service`, `kind`, `status` or an attribute. */
  readonly by: string;
  /** Index into `categories` by row. */
  readonly categoryOf: Uint8Array | Uint16Array | Uint32Array;
  readonly categories: readonly ColourCategory[];
}

/** OTLP's kinds and statuses by number: fixed colours, so that they are the same in every trace. */
const KIND_COLOURS = [NO_COLOUR, 2, 0, 1, 5, 4];
const STATUS_COLOURS = [NO_COLOUR, 4, ERROR_COLOUR];

/** The custom property of a colour. */
export function colourVariable(colour: number): string {
  if (colour === ERROR_COLOUR) return 'var(--error)';
  if (colour === TRANSPARENT) return 'transparent';
  return colour === NO_COLOUR ? 'var(--control)' : `var(--service-${colour})`;
}

/** By kind or status. @param labels by number; a number beyond them shares the first */
export function codeScheme(columns: TraceColumns, by: 'kind' | 'status', labels: readonly string[]): ColourScheme {
  const codes = by === 'kind' ? columns.kind : columns.statusCode;
  const colours = by === 'kind' ? KIND_COLOURS : STATUS_COLOURS;
  const categoryOf = codes.slice();
  for (let row = 0; row < categoryOf.length; row++) if (categoryOf[row] >= colours.length) categoryOf[row] = 0;
  const counts = countsOf(categoryOf, colours.length);
  const categories = colours.map((colour, code) => {
    return { label: labels[code] ?? String(code), spanCount: counts[code], colour, monogram: '' };
  });
  return { by, categoryOf, categories };
}

/**
 * By the values of an attribute; category 0 are the spans without it. Colours follow from the value and its weight, as
 * those of services do.
 * @param places of each row among the spans the values belong to, -1 for none
 */
export function valueScheme(
  by: string,
  values: readonly string[],
  valueIds: Uint32Array,
  places: Int32Array,
  noValue: string,
): ColourScheme {
  // Values that look the same here are one.
  const ids = new Map<string, number>();
  const category = Uint32Array.from(values, (value) => {
    const id = ids.get(value) ?? ids.size + 1;
    ids.set(value, id);
    return id;
  });
  const categoryOf = new Uint32Array(places.length);
  for (let row = 0; row < places.length; row++) {
    if (places[row] !== -1) categoryOf[row] = category[valueIds[places[row]]];
  }
  const counts = countsOf(categoryOf, ids.size + 1);
  const labels = [...ids.keys()];
  const heaviest = labels.map((_, at) => at).sort((a, b) => counts[b + 1] - counts[a + 1] || a - b);
  const assigned = assignServiceColours(heaviest.map((at) => labels[at]));
  const categories = labels.map((label, at) => ({
    label,
    spanCount: counts[at + 1],
    ...(assigned.get(label) ?? { colour: NO_COLOUR, monogram: '' }),
  }));
  const none = { label: noValue, spanCount: counts[0], colour: NO_COLOUR, monogram: '' };
  return { by, categoryOf, categories: [none, ...categories] };
}

function countsOf(categoryOf: Uint8Array | Uint16Array | Uint32Array, categories: number): Uint32Array {
  const counts = new Uint32Array(categories);
  for (let row = 0; row < categoryOf.length; row++) counts[categoryOf[row]]++;
  return counts;
}
