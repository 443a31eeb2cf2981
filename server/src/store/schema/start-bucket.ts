/** Length of the start buckets in the sort key of `spans`, nanoseconds: five minutes. */
export const START_BUCKET_NANO = 300_000_000_000n;

/** The sort key's expression. Only a predicate on exactly this text prunes by it. */
export const START_BUCKET_SQL = `intDiv(toUnixTimestamp64Nano(start), ${START_BUCKET_NANO})`;

/** The bucket of a start: its 64 bits read as signed, divided like the engine's intDiv (towards zero). */
export function startBucket(startUnixNano: bigint): bigint {
  return BigInt.asIntN(64, startUnixNano) / START_BUCKET_NANO;
}
