import { text } from '../../text/catalogue.ts';
import { type ColourScheme, codeScheme, valueScheme } from '../../timeline/colour-scheme.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import type { TraceSummary } from './trace-summary.ts';
import type { SpanAttribute } from './use-span-attributes.ts';

/** What bars are coloured by: the service, also while the values of an attribute are on their way. */
export function buildScheme(
  { columns }: TraceModel,
  summary: TraceSummary,
  by: string | undefined,
  attribute: SpanAttribute | undefined,
): ColourScheme {
  if (by === 'kind' || by === 'status') {
    return codeScheme(columns, by, by === 'kind' ? text.trace.kinds : text.trace.statuses);
  }
  if (by !== undefined && attribute?.values !== undefined) {
    return valueScheme(by, attribute.values, attribute.valueIds, attribute.places, text.waterfall.noValue);
  }
  const counts = new Map(summary.services.map(({ name, spanCount }) => [name, spanCount]));
  const categories = columns.services.map((label, service) => {
    return { label, spanCount: counts.get(label) ?? 0, ...summary.colours[service] };
  });
  return { by: 'service', categoryOf: columns.service, categories };
}

/** Categories as a legend lists them: services by self time, the others by spans, those without a value last. */
export function legendOrder(scheme: ColourScheme, summary: TraceSummary): readonly number[] {
  if (scheme.by === 'service') {
    const places = new Map(scheme.categories.map(({ label }, category) => [label, category]));
    return summary.services.flatMap(({ name }) => places.get(name) ?? []);
  }
  const { categories } = scheme;
  const weight = (category: number): number => (category === 0 ? 0 : categories[category].spanCount);
  return categories.map((_, category) => category).sort((a, b) => weight(b) - weight(a) || b - a);
}

const KIND_WORDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const STATUS_WORDS = ['unset', 'ok', 'error'];

/** The text that finds the spans of a category; undefined where there is none. */
export function findOfCategory(scheme: ColourScheme, category: number): string | undefined {
  const { label } = scheme.categories[category];
  if (scheme.by === 'service') return label;
  if (scheme.by === 'kind') return `{ kind = ${KIND_WORDS[category]} }`;
  if (scheme.by === 'status') return `{ status = ${STATUS_WORDS[category]} }`;
  if (category === 0) return `{ ${scheme.by} = nil }`;
  // A long value is not here whole.
  if (label.endsWith('…')) return undefined;
  const asText = `${scheme.by} = ${JSON.stringify(label)}`;
  // What reads as a number or a truth may be one, or text.
  return /^(-?\d+(\.\d+)?|true|false)$/.test(label) ? `{ ${scheme.by} = ${label} || ${asText} }` : `{ ${asText} }`;
}
