import type { FoundFacet } from '@clew/contract';
import { SPAN_KINDS, STATUS_CODES } from '@clew/model';
import type { Static } from '@clew/traceql';

/** A counted value as the language writes it. */
export function facetStatic({ type, value }: FoundFacet['values'][number]): Static {
  switch (type) {
    case 'string':
      return { type, value };
    case 'int':
      return { type, value: BigInt(value) };
    case 'double':
      return { type: 'float', value: Number(value) };
    case 'bool':
      return { type, value: value === 'true' };
    case 'status':
      return { type, value: numberOf(STATUS_CODES, value) };
    case 'kind':
      return { type, value: numberOf(SPAN_KINDS, value) };
  }
}

/** OTLP's number of a word; a number that has none is shown as it is. */
function numberOf(words: readonly string[], value: string): number {
  const known = words.indexOf(value);
  return known === -1 ? Number(value) : known;
}
