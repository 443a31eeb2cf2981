/** Spans of two traces by one numbering of what they are: service, name and kind. */
import type { TraceColumns } from '@clew/model';

type Columns = Pick<TraceColumns, 'spanCount' | 'name' | 'names' | 'service' | 'services' | 'kind'>;

export interface InternedSpans {
  readonly keyCount: number;
  /** By row: equal for spans of the same service, name and kind in either trace. */
  readonly keyOfA: Int32Array;
  readonly keyOfB: Int32Array;
  /** Those of A, then what only B has. */
  readonly services: readonly string[];
  readonly names: readonly string[];
  /** From B's own dictionaries to the common ones. */
  readonly serviceOfB: Int32Array;
  readonly nameOfB: Int32Array;
}

const KINDS = 256;

export function internSpans(a: Columns, b: Columns): InternedSpans {
  const services = mergeTexts(a.services, b.services);
  const names = mergeTexts(a.names, b.names);
  const keys = new Map<number, number>();
  const keysOf = (columns: Columns, serviceOf: Int32Array, nameOf: Int32Array): Int32Array => {
    const found = new Int32Array(columns.spanCount);
    for (let row = 0; row < columns.spanCount; row++) {
      // Far below 2^53: a trace has at most some millions of names and 65,536 services.
      const place = nameOf[columns.name[row]] * services.texts.length + serviceOf[columns.service[row]];
      const what = place * KINDS + columns.kind[row];
      let key = keys.get(what);
      if (key === undefined) {
        key = keys.size;
        keys.set(what, key);
      }
      found[row] = key;
    }
    return found;
  };
  return {
    keyOfA: keysOf(a, services.ofA, names.ofA),
    keyOfB: keysOf(b, services.ofB, names.ofB),
    keyCount: keys.size,
    services: services.texts,
    names: names.texts,
    serviceOfB: services.ofB,
    nameOfB: names.ofB,
  };
}

interface MergedTexts {
  readonly texts: readonly string[];
  readonly ofA: Int32Array;
  readonly ofB: Int32Array;
}

/** The indexes of A's texts stay as they are: `ofA` only folds equal ones into the first. */
function mergeTexts(a: readonly string[], b: readonly string[]): MergedTexts {
  const texts = [...a];
  const known = new Map<string, number>();
  const ofA = Int32Array.from(a, (text, index) => {
    const first = known.get(text) ?? index;
    known.set(text, first);
    return first;
  });
  const ofB = Int32Array.from(b, (text) => {
    let index = known.get(text);
    if (index === undefined) {
      index = texts.length;
      texts.push(text);
      known.set(text, index);
    }
    return index;
  });
  return { texts, ofA, ofB };
}
