import type { Random } from '../random.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { MAX_INPUT_BYTES, mutateBytes } from './mutate-bytes.ts';
import { tryMutateJson } from './mutate-json.ts';
import { tryMutateProtobuf } from './mutate-protobuf.ts';

const MOST_CHANGES = 5;

/** A new input out of the corpus: one of its inputs with one to five changes. */
export function mutate(
  random: Random,
  target: Pick<FuzzTarget, 'style' | 'dictionary' | 'repair' | 'maxInputBytes'>,
  corpus: readonly Uint8Array[],
): Uint8Array {
  let input = random.pick(corpus);
  const dictionary = target.dictionary ?? [];
  const most = random.chance(0.5) ? 1 : MOST_CHANGES;
  for (let changes = random.between(1, most); changes > 0; changes--) {
    const sources = { other: random.pick(corpus), dictionary };
    let changed: Uint8Array | undefined;
    // Blind changes mostly break the outermost layer: one in five is enough.
    if (random.chance(0.8)) {
      if (target.style === 'protobuf') changed = tryMutateProtobuf(random, input, sources);
      else if (target.style === 'json') changed = tryMutateJson(random, input, sources);
    }
    input = changed ?? mutateBytes(random, input, sources);
    const limit = target.maxInputBytes ?? MAX_INPUT_BYTES;
    if (input.length > limit) input = input.slice(0, limit);
  }
  return target.repair !== undefined && random.chance(0.6) ? target.repair(input) : input;
}
