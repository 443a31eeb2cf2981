/** Values to ask for, taken from what is stored, so that every question has an answer. */
import type { Random } from '@clew/testkit/random';
import type { StoreClient } from '../../../server/src/store/client.ts';
import type { DataSet } from '../data-set/data-set.ts';
import { SERVICES } from '../data-set/shop-world.ts';

export interface AskedValues {
  readonly dataSet: DataSet;
  readonly userIds: readonly string[];
  readonly random: Random;
}

const USERS = 200;

export async function loadAskedValues(client: StoreClient, dataSet: DataSet, random: Random): Promise<AskedValues> {
  const traceIds = Array.from({ length: USERS }, () => random.pick(dataSet.sampleTraces).traceId);
  const { rows } = await client.selectJson<{ user: string }>(
    `SELECT DISTINCT attributes_string['app.user.id'] AS user FROM clew.spans
     WHERE trace_id IN (SELECT toFixedString(unhex(arrayJoin({ids:Array(String)})), 16)) AND user != ''
     ORDER BY user LIMIT ${USERS}`,
    { ids: traceIds },
    { timeoutMs: 120_000 },
  );
  if (rows.length === 0) throw new Error('no user ids in the data set.');
  return { dataSet, userIds: rows.map(({ user }) => user), random };
}

export function pickService({ random }: AskedValues): string {
  return random.pick(SERVICES);
}

/** One that many traces go through. */
export function pickBusyService({ random }: AskedValues): string {
  return SERVICES[random.below(6)];
}

export interface AskedRange {
  readonly startUnixMs: number;
  readonly endUnixMs: number;
}

export function wholeRange({ dataSet }: AskedValues): AskedRange {
  return { startUnixMs: dataSet.startUnixMs, endUnixMs: dataSet.endUnixMs };
}

/** So many hours somewhere in the data set, beginning and ending with a minute. */
export function someHours({ dataSet, random }: AskedValues, hours: number): AskedRange {
  const lengthMs = hours * 3_600_000;
  const room = Math.floor((dataSet.endUnixMs - dataSet.startUnixMs - lengthMs) / 60_000);
  const startUnixMs = dataSet.startUnixMs + random.below(room) * 60_000;
  return { startUnixMs, endUnixMs: startUnixMs + lengthMs };
}
