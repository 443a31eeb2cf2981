/** What the senders' clocks say about ours: spans that have just been received started a moment ago. */
import type { StoreClient } from '../store-client.ts';

/** Fewer prove nothing. */
const MIN_SPANS = 100;
const MAX_SPANS = 100_000;
const LOOK_BACK_SECONDS = 6 * 3600;
const TIMEOUT_MS = 20_000;

/**
 * How far the spans received of late started from their reception, in the middle, or undefined when there are too
 * few. Senders on other machines contradict a wrong clock of ours; those on this machine share it.
 */
export async function loadSenderOffsetMs(
  client: StoreClient,
  table: string,
  wallUnixMs: number,
): Promise<number | undefined> {
  const { rows } = await client.selectJson<{ spans: number; offsetSeconds: number }>(
    `SELECT count() AS spans, quantileExact(0.5)(abs(startSecond - receivedSecond)) AS offsetSeconds FROM (
      SELECT intDiv(toUnixTimestamp64Nano(start), 1000000000) AS startSecond, toInt64(toUnixTimestamp(received)) AS receivedSecond
      FROM ${table}
      WHERE receivedSecond BETWEEN {now:Int64} - ${LOOK_BACK_SECONDS} AND {now:Int64} + 60
        AND day >= toDate(toUInt16(intDiv({now:Int64}, 86400) - 5))
      LIMIT ${MAX_SPANS})`,
    { now: Math.floor(wallUnixMs / 1000) },
    { timeoutMs: TIMEOUT_MS, settings: { output_format_json_quote_64bit_integers: 0 } },
  );
  const [row] = rows;
  return row === undefined || row.spans < MIN_SPANS ? undefined : row.offsetSeconds * 1000;
}
