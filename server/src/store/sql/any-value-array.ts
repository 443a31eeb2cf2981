/**
 * Arrays among attributes are stored as the protobuf bytes of an OTLP AnyValue (opentelemetry-proto common.proto):
 *
 *     AnyValue { array_value = 5: ArrayValue { repeated values = 1: AnyValue } }
 *     AnyValue { string_value = 1 | bool_value = 2 | int_value = 3 | double_value = 4 | … }
 *
 * Read here in the form that every encoder writes: each field once, in one piece, no unknown ones. Other forms count as
 * arrays of mixed types, which satisfy no comparison.
 */
import type { ManyValues } from './many-values.ts';

/** How a list reads its elements: the first byte of each (field number << 3 | wire type), its value, its type. */
interface ElementForm {
  readonly tag: number;
  readonly value: string;
  readonly type: string;
}

/** Four bytes from a position on, as one number; what is beyond the end reads as 0. */
function wordAt(bytes: string, position: string): string {
  return `reinterpretAsUInt32(substring(${bytes}, ${position}, 4))`;
}

const byteAt = (bytes: string, position: string): string => `reinterpretAsUInt8(substring(${bytes}, ${position}, 1))`;

/** (bytes, value) of the varint that a word begins with: up to four bytes, lengths below 256 MiB. */
const VARINT = [
  'multiIf(bitAnd(word, 128) = 0, (toUInt64(1), toUInt64(bitAnd(word, 127)))',
  'bitAnd(word, 32768) = 0, (toUInt64(2), toUInt64(bitAnd(word, 127) + bitAnd(bitShiftRight(word, 1), 16256)))',
  'bitAnd(word, 8388608) = 0, (toUInt64(3), toUInt64(bitAnd(word, 127) + bitAnd(bitShiftRight(word, 1), 16256) + ' +
    'bitAnd(bitShiftRight(word, 2), 2080768)))',
  '(toUInt64(4), toUInt64(bitAnd(word, 127) + bitAnd(bitShiftRight(word, 1), 16256) + ' +
    'bitAnd(bitShiftRight(word, 2), 2080768) + bitAnd(bitShiftRight(word, 3), 266338304))))',
].join(', ');

const FORMS: Readonly<Record<'string' | 'int' | 'double' | 'bool', ElementForm>> = {
  // A text ends where its element ends: only the size of its length is wanted.
  string: {
    tag: 10,
    value: `substring(element, 2 + ${bound('word', wordAt('element', '2'), VARINT)}.1)`,
    type: 'String',
  },
  bool: { tag: 16, value: "(substring(element, 2, 1) != '\\0')", type: 'Bool' },
  // Seven bits a byte, the lowest first.
  int: {
    tag: 24,
    value:
      `reinterpretAsInt64(arraySum(at -> bitShiftLeft(toUInt64(bitAnd(${byteAt('element', '2 + at')}, 127)), 7 * at), ` +
      'range(toUInt64(length(element) - 1))))',
    type: 'Int64',
  },
  double: { tag: 33, value: 'reinterpretAsFloat64(substring(element, 2, 8))', type: 'Float64' },
};

/**
 * Array(String) of the elements' AnyValues. Walks from length to length: (where the next element begins, those so far
 * as (offset, length)). Each element begins with a byte of 10, so that there are at most as many as such bytes; what
 * is no element becomes an empty one, which is of no type.
 */
const ELEMENTS = ((): string => {
  const here = 'walk.1';
  const element = bound(
    'head',
    bound('word', wordAt('bytes', `${here} + 1`), VARINT),
    `(${here} + 1 + head.1 + head.2, arrayPushBack(walk.2, (${here} + 1 + head.1, head.2)))`,
  );
  const next =
    `multiIf(${here} > length(bytes), walk, ${byteAt('bytes', here)} = 10, ${element}, ` +
    '(toUInt64(length(bytes) + 1), arrayPushBack(walk.2, (toUInt64(1), toUInt64(0)))))';
  const start = `(2 + ${bound('word', wordAt('bytes', '2'), VARINT)}.1, CAST([], 'Array(Tuple(UInt64, UInt64))'))`;
  const steps = `range(if(${byteAt('bytes', '1')} = 42, countSubstrings(bytes, '\\n') + 1, 0))`;
  return `arrayMap(place -> substring(bytes, place.1, place.2), arrayFold((walk, step) -> ${next}, ${steps}, ${start}).2)`;
})();

/**
 * The elements of a value in the bytes of AnyValue; none where it is no array.
 * @param bytes SQL of a String, empty where there is no value.
 */
export function arrayElements(bytes: string): ManyValues {
  const elements = bound('bytes', bytes, ELEMENTS);
  /** The values where all elements have this type, else none: an array of mixed types satisfies no comparison. */
  const list = ({ tag, value, type }: ElementForm): string =>
    bound(
      'elements',
      elements,
      `if(arrayAll(element -> ${byteAt('element', '1')} = ${tag}, elements), ` +
        `arrayMap(element -> ${value}, elements), CAST([], 'Array(${type})'))`,
    );
  return {
    total: `length(${elements})`,
    string: list(FORMS.string),
    int: list(FORMS.int),
    double: list(FORMS.double),
    bool: list(FORMS.bool),
  };
}

/** Gives a value a name inside an expression that needs it several times. */
function bound(name: string, value: string, expression: string): string {
  return `arrayMap(${name} -> ${expression}, [${value}])[1]`;
}
