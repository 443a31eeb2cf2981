import { TYPE_ARRAY, TYPE_BYTES, TYPE_KVLIST } from '@clew/model/span-batch';

/** Protobuf tags of AnyValue's fields with wire type 2: field number << 3 | 2 (opentelemetry-proto common.proto). */
const TAG_ARRAY = 0x2a;
const TAG_KVLIST = 0x32;
const TAG_BYTES = 0x3a;

/** The tag of the AnyValue field that holds a value of this type, or 0 for an AnyValue with no field set. */
export function anyValueTag(type: number): number {
  if (type === TYPE_ARRAY) return TAG_ARRAY;
  if (type === TYPE_KVLIST) return TAG_KVLIST;
  return type === TYPE_BYTES ? TAG_BYTES : 0;
}
