import { type FieldReference, nearestNames, printExpression } from '@clew/traceql';
import type { SpanSearch } from '../../store/span-store.ts';

/** Keys of the catalogue that are looked through for one that is near. */
const MAX_KEYS = 20_000;

/**
 * Sentences about attributes that a query names and no stored span has, with what was probably meant. For answers
 * that found nothing: everywhere else the query is as it should be. None where a limit is in the way: an answer does
 * not fail for them.
 */
export async function noteUnknownAttributes(
  named: readonly FieldReference[],
  search: SpanSearch,
): Promise<readonly string[]> {
  const attributes = named.filter((field) => field.kind === 'attribute');
  if (attributes.length === 0) return [];
  try {
    return await notesOf(attributes, search);
  } catch (error) {
    if (search.limitReason(error) === undefined) throw error;
    return [];
  }
}

async function notesOf(attributes: readonly AttributeField[], search: SpanSearch): Promise<readonly string[]> {
  const stored = await search.attributeKeys(MAX_KEYS);
  // Of a catalogue that was cut nothing can be said to be missing.
  if (stored.length >= MAX_KEYS) return [];
  return attributes.flatMap((field) => {
    const keys = stored.filter(({ scope }) => isOfScope(field, scope)).map(({ key }) => key);
    if (keys.includes(field.key)) return [];
    const name = printExpression(field);
    const elsewhere = stored.find(({ key }) => key === field.key);
    if (elsewhere !== undefined) {
      return [`No ${elsewhereOf(field)} has ${name}. It is stored as ${elsewhere.scope}.${field.key}.`];
    }
    const near = nearestNames(field.key, [...new Set(keys)]).map((key) => printExpression({ ...field, key }));
    return [`No ${elsewhereOf(field)} has ${name}.${near.length === 0 ? '' : ` Did you mean ${listOf(near)}?`}`];
  });
}

type AttributeField = FieldReference & { kind: 'attribute' };

function isOfScope({ scope }: AttributeField, stored: string): boolean {
  return scope === 'any' ? stored === 'span' || stored === 'resource' : stored === scope;
}

function elsewhereOf({ scope }: AttributeField): string {
  switch (scope) {
    case 'any':
    case 'span':
      return 'span';
    case 'instrumentation':
      return 'instrumentation scope';
    default:
      return scope;
  }
}

function listOf(names: readonly string[]): string {
  const last = names[names.length - 1];
  return names.length === 1 ? last : `${names.slice(0, -1).join(', ')} or ${last}`;
}
