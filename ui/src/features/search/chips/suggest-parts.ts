import { buildAttribute, printExpression } from '@clew/traceql';
import { loadAttributes, loadAttributeValues, type TimeRange } from '../../../client/api.ts';
import { formatCompact } from '../../../text/format-count.ts';
import type { ComboboxOption } from '../../../widgets/combobox.tsx';
import { wordsOf } from './literal-text.ts';

/** What every span has, the most asked for first. */
const INTRINSICS = [
  'resource.service.name',
  'name',
  'status',
  'kind',
  'duration',
  'rootName',
  'rootServiceName',
  'traceDuration',
  'statusMessage',
];

/** Keys that contain a text, as TraceQL writes them. */
export async function suggestKeys(
  typed: string,
  range: TimeRange,
  signal: AbortSignal,
): Promise<readonly ComboboxOption[]> {
  const wanted = typed.trim().toLowerCase();
  const own = INTRINSICS.filter((name) => name.toLowerCase().includes(wanted)).map((value) => ({ value }));
  // The scope is no part of a stored key: `span.http` looks for "http".
  const answer = await loadAttributes(
    typed.trim().replace(/^(span|resource|event|link|instrumentation)?\./, ''),
    range,
    signal,
  );
  const stored = answer.attributes
    .map(({ scope, key, types }) => ({ value: printExpression(buildAttribute(scope, key)), note: types.join(', ') }))
    .filter(({ value }) => value !== 'resource.service.name' && value.toLowerCase().includes(wanted));
  return [...own, ...stored];
}

/** Values of a key among the spans that the rest of the query finds. */
export async function suggestValues(
  field: string,
  typed: string,
  query: string | undefined,
  range: TimeRange,
  signal: AbortSignal,
): Promise<readonly ComboboxOption[]> {
  const words = wordsOf(field);
  if (words !== undefined)
    return words.filter((word) => word.startsWith(typed)).map((value) => ({ value, type: 'keyword' }));
  if (field === '') return [];
  const answer = await loadAttributeValues(field, typed.replace(/^"|"$/g, ''), query, range, signal);
  return answer.values.map(({ value, type, count }) => ({ value, type, note: formatCompact(count) }));
}
