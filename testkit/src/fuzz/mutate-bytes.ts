/** Changes that know nothing of the format. */
import type { Random } from '../random.ts';

/** Longer inputs find nothing that shorter ones do not, and cost more. */
export const MAX_INPUT_BYTES = 64 * 1024;

const EXTREME_INTEGERS = [
  0n,
  1n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0x8000n,
  0xffffn,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  0x1fffffffffffffn,
  0x20000000000000n,
  0x7fffffffffffffffn,
  0x8000000000000000n,
  0xffffffffffffffffn,
];

/** Not UTF-8, each for another reason: stray, cut, overlong, surrogate, beyond U+10FFFF; and a byte order mark. */
const ODD_UTF8 = [
  [0x80],
  [0xff],
  [0xc3],
  [0xe2, 0x82],
  [0xf0, 0x9f, 0x92],
  [0xc0, 0x80],
  [0xe0, 0x80, 0xaf],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xef, 0xbb, 0xbf],
  [0],
].map((bytes) => Uint8Array.from(bytes));

export interface MutationSources {
  /** Another input, to take parts from. */
  readonly other: Uint8Array;
  readonly dictionary: readonly Uint8Array[];
}

/** `input` with one thing changed; never the same object. */
export function mutateBytes(random: Random, input: Uint8Array, sources: MutationSources): Uint8Array {
  if (input.length === 0) return random.bytes(random.between(1, 16));
  const at = random.below(input.length);
  const size = Math.min(input.length - at, random.chance(0.7) ? random.between(1, 8) : random.between(1, 512));
  switch (random.below(11)) {
    case 0:
      return overwritten(input, at, [input[at] ^ (1 << random.below(8))]);
    case 1:
      return overwritten(input, at, [random.pick([random.below(256), 0, 0x7f, 0x80, 0xff])]);
    case 2:
      return spliced(input, at, 0, random.bytes(random.between(1, 8)));
    case 3:
      return spliced(input, at, size, new Uint8Array(0));
    case 4:
      return spliced(input, random.below(input.length + 1), 0, input.subarray(at, at + size));
    case 5:
      return input.slice(0, at);
    case 6:
      return spliced(input, at, size, partOf(random, sources.other));
    case 7:
      return overwritten(input, at, integerBytes(random));
    case 8:
      return spliced(input, at, random.below(2) * size, random.pick(ODD_UTF8));
    case 9:
      return spliced(input, at, 0, repeated(input.subarray(at, at + size), random.between(2, 40)));
    default:
      if (sources.dictionary.length === 0) return overwritten(input, at, [random.below(256)]);
      return spliced(input, at, random.below(2) * size, random.pick(sources.dictionary));
  }
}

function partOf(random: Random, bytes: Uint8Array): Uint8Array {
  const from = random.below(bytes.length + 1);
  return bytes.subarray(from, from + random.below(bytes.length - from + 1));
}

function overwritten(input: Uint8Array, at: number, bytes: ArrayLike<number>): Uint8Array {
  const copy = Uint8Array.from(input);
  for (let i = 0; i < bytes.length && at + i < copy.length; i++) copy[at + i] = bytes[i];
  return copy;
}

/** `input` with `removed` bytes at `at` replaced by others. */
export function spliced(input: Uint8Array, at: number, removed: number, bytes: Uint8Array): Uint8Array {
  const result = new Uint8Array(input.length - removed + bytes.length);
  result.set(input.subarray(0, at));
  result.set(bytes, at);
  result.set(input.subarray(at + removed), at + bytes.length);
  return result;
}

function repeated(unit: Uint8Array, count: number): Uint8Array {
  const result = new Uint8Array(unit.length * count);
  for (let i = 0; i < count; i++) result.set(unit, i * unit.length);
  return result;
}

function integerBytes(random: Random): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  const isLittle = random.chance(0.7);
  view.setBigUint64(0, random.pick(EXTREME_INTEGERS) + BigInt(random.between(-2, 2)), isLittle);
  const width = random.pick([1, 2, 4, 8]);
  return new Uint8Array(view.buffer, isLittle ? 0 : 8 - width, width);
}

/** An extreme 64-bit number, give or take two. */
export function extremeInteger(random: Random): bigint {
  return BigInt.asUintN(64, random.pick(EXTREME_INTEGERS) + BigInt(random.between(-2, 2)));
}
