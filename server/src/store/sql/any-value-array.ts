/**
 * Arrays among attributes are stored as the protobuf bytes of an OTLP AnyValue (opentelemetry-proto common.proto):
 *
 *     AnyValue { array_value = 5: ArrayValue { repeated values = 1: AnyValue } }
 *     AnyValue { string_value = 1 | bool_value = 2 | int_value = 3 | double_value = 4 | … }
 *
 * Read here in the form that every encoder writes: each field once, in one piece, no unknown ones. Other forms, and
 * elements of 2 MiB and more, make an array of mixed types, which satisfies no comparison.
 */
import { type ManyValues, named } from './many-values.ts';

/** Four bytes from a position on, as one number; what is beyond the end reads as 0. */
const WORD = 'reinterpretAsUInt32(substring(bytes, walk.1 + 1, 4))';

/** (bytes, value) of the varint that a word begins with: seven bits a byte, the lowest first, 128 in all but the last. */
const LENGTH =
  'multiIf(word % 256 < 128, (1, word % 128), ' +
  'word % 65536 < 32768, (2, word % 128 + intDiv(word, 256) % 128 * 128), ' +
  'word % 16777216 < 8388608, (3, word % 128 + intDiv(word, 256) % 128 * 128 + intDiv(word, 65536) % 128 * 16384), ' +
  '(1, 4294967295))';

/** Where the first element begins: behind the tag and the length of the array, which is as long as it needs. */
const FIRST = 'multiIf(length(bytes) < 130, 3, length(bytes) < 16387, 4, length(bytes) < 2097156, 5, 6)';

/**
 * Array(String) of the elements' AnyValues. Walks from length to length: (where the next element begins, those so far
 * as (offset, length)). Each element begins with a byte of 10, so that there are at most as many as such bytes.
 */
const ELEMENTS =
  'arrayMap(place -> substring(bytes, place.1, place.2), arrayFold((walk, step) -> ' +
  'if(walk.1 > length(bytes), walk, arrayMap(head -> ' +
  '(walk.1 + 1 + head.1 + head.2, arrayPushBack(walk.2, (walk.1 + 1 + head.1, toUInt64(head.2)))), ' +
  `arrayMap(word -> ${LENGTH}, [${WORD}]))[1]), ` +
  "range(if(startsWith(bytes, '*'), countSubstrings(bytes, '\\n'), 0)), " +
  `(toUInt64(${FIRST}), CAST([], 'Array(Tuple(UInt64, UInt64))'))).2)`;

/** First byte of an element of a type: field number << 3 | wire type. What it holds. */
function list(tag: string, value: string, type: string): string {
  return (
    `if(arrayAll(element -> startsWith(element, ${tag}), elements), ` +
    `arrayMap(element -> ${value}, elements), CAST([], 'Array(${type})'))`
  );
}

/** An array of mixed types has no lists. */
const LISTS = {
  total: 'length(elements)',
  // A text ends where its element ends, and its length is as long as it needs.
  string: list(
    "'\\n'",
    'substring(element, multiIf(length(element) < 130, 3, length(element) < 16387, 4, 5))',
    'String',
  ),
  bool: list('char(16)', "(substring(element, 2, 1) != '\\0')", 'Bool'),
  int: list(
    'char(24)',
    'reinterpretAsInt64(arraySum(at -> bitShiftLeft(toUInt64(bitAnd(reinterpretAsUInt8(' +
      'substring(element, 2 + at, 1)), 127)), 7 * at), range(toUInt64(length(element) - 1))))',
    'Int64',
  ),
  double: list("'!'", 'reinterpretAsFloat64(substring(element, 2, 8))', 'Float64'),
};

/**
 * The elements of a value in the bytes of AnyValue; none where it is no array.
 * @param bytes SQL of a String, empty where there is no value.
 */
export function arrayElements(bytes: string): ManyValues {
  return {
    where: (condition) => named('bytes', bytes, named('elements', ELEMENTS, condition(LISTS))),
  };
}
