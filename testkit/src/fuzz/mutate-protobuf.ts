/** Changes to a protobuf message that leave the lengths around them right, so that they reach any depth. */
import type { Random } from '../random.ts';
import { extremeInteger, type MutationSources, mutateBytes } from './mutate-bytes.ts';
import { type ProtobufField, serializeFields, tryParseFields } from './protobuf-tree.ts';

const MAX_ADDED_DEPTH = 40;

/** Undefined when `input` is no protobuf message. */
export function tryMutateProtobuf(random: Random, input: Uint8Array, sources: MutationSources): Uint8Array | undefined {
  const fields = tryParseFields(input);
  if (fields === undefined) return undefined;
  const lists = listsOf(fields);
  const list = random.pick(lists);
  if (list.length === 0) list.push(randomField(random));
  else change(random, list, random.below(list.length), lists, sources);
  return serializeFields(fields);
}

/** Every list of fields, from the outside in. */
function listsOf(fields: ProtobufField[]): ProtobufField[][] {
  const lists = [fields];
  for (let i = 0; i < lists.length; i++) {
    for (const field of lists[i]) if (field.kind === 'message' || field.kind === 'group') lists.push(field.fields);
  }
  return lists;
}

function change(
  random: Random,
  list: ProtobufField[],
  at: number,
  lists: readonly ProtobufField[][],
  sources: MutationSources,
): void {
  const field = list[at];
  switch (random.below(12)) {
    case 0:
      list.splice(random.below(list.length + 1), 0, structuredClone(field));
      break;
    case 1:
      list.splice(at, 1);
      break;
    case 2:
      list.push(...list.splice(at, 1));
      break;
    case 3:
      field.number = random.pick([random.between(1, 17), random.between(1, 17), 0, 1000, 2 ** 29 - 1]);
      break;
    case 4:
      list[at] = randomField(random, field.number);
      break;
    case 5:
      random.pick(lists).push(structuredClone(field));
      break;
    case 6:
      adopt(random, list, at, sources);
      break;
    case 7:
      list[at] = nested(random, field);
      break;
    case 8:
      splitMessage(random, list, at);
      break;
    case 9:
      list.splice(at, 0, randomField(random));
      break;
    case 10:
      for (let copies = random.between(2, 60); copies > 0; copies--) list.push(structuredClone(field));
      break;
    default:
      changeContent(random, list, at, sources);
  }
}

/** A field of the other input, wherever it was in there. */
function adopt(random: Random, list: ProtobufField[], at: number, sources: MutationSources): void {
  const others = tryParseFields(sources.other);
  if (others === undefined) return;
  const from = random.pick(listsOf(others));
  if (from.length === 0) return;
  list.splice(at, random.below(2), random.pick(from));
}

/** Inside many of itself, as arrays of arrays are. */
function nested(random: Random, field: ProtobufField): ProtobufField {
  const numbers = random.pick([[5, 1], [6, 1, 2], [field.number]]);
  let inner = field;
  for (let depth = random.between(1, MAX_ADDED_DEPTH); depth > 0; depth--) {
    for (let i = numbers.length - 1; i >= 0; i--) {
      inner = { number: numbers[i], kind: random.chance(0.98) ? 'message' : 'group', fields: [inner] };
    }
  }
  return { ...inner, number: field.number };
}

/** One message field as two, which protobuf says are to be merged again. */
function splitMessage(random: Random, list: ProtobufField[], at: number): void {
  const field = list[at];
  if (field.kind !== 'message') return;
  const cut = random.below(field.fields.length + 1);
  const rest: ProtobufField = { number: field.number, kind: 'message', fields: field.fields.splice(cut) };
  list.splice(random.between(at + 1, list.length), 0, rest);
}

function changeContent(random: Random, list: ProtobufField[], at: number, sources: MutationSources): void {
  const field = list[at];
  if (field.kind === 'varint') {
    if (random.chance(0.3)) field.padding = random.between(1, 9);
    else field.value = extremeInteger(random);
  } else if (field.kind === 'message' || field.kind === 'group') {
    const bytes = mutateBytes(random, serializeFields(field.fields), sources);
    list[at] = { number: field.number, kind: 'bytes', bytes };
  } else if (field.kind === 'bytes') {
    field.bytes = mutateBytes(random, field.bytes, sources);
  } else {
    field.bytes = random.bytes(field.bytes.length);
  }
}

function randomField(random: Random, number = random.between(1, 17)): ProtobufField {
  switch (random.below(6)) {
    case 0:
      return { number, kind: 'varint', value: extremeInteger(random), padding: random.below(2) * random.below(10) };
    case 1:
      return { number, kind: 'fixed64', bytes: random.bytes(8) };
    case 2:
      return { number, kind: 'fixed32', bytes: random.bytes(4) };
    case 3:
      return { number, kind: 'group', fields: [] };
    case 4:
      return { number, kind: 'message', fields: [] };
    default:
      return { number, kind: 'bytes', bytes: random.bytes(random.pick([0, 1, 7, 8, 9, 15, 16, 17, 127, 128, 300])) };
  }
}
