import { ClickHouseError } from '@clickhouse/client';
import { isNetworkError, StoreUnavailableError } from '../store-error.ts';

/** Source: src/Common/ErrorCodes.cpp. */
const SCHEMA_GONE_CODES: ReadonlySet<string> = new Set([
  '60', // UNKNOWN_TABLE
  '81', // UNKNOWN_DATABASE
]);

/** What a node says when it cannot reach a shard, or a shard cannot take part in a query. */
const SHARD_AWAY_CODES: ReadonlySet<string> = new Set([
  '32', // ATTEMPT_TO_READ_AFTER_EOF
  '198', // DNS_ERROR
  '209', // SOCKET_TIMEOUT
  '210', // NETWORK_ERROR
  '279', // ALL_CONNECTION_TRIES_FAILED
  '519', // NO_REMOTE_SHARD_AVAILABLE
  ...SCHEMA_GONE_CODES,
]);

/** The node that was asked is not there, or has come back without its tables: it has to be checked before its next use. */
export function isNodeAway(error: unknown): boolean {
  if (error instanceof ClickHouseError) return SCHEMA_GONE_CODES.has(error.code);
  return isNetworkError(error) || error instanceof StoreUnavailableError || isForeignAnswer(error);
}

/** The node that was asked is there, but not everyone whom it had to ask. */
export function isShardAway(error: unknown): boolean {
  return error instanceof ClickHouseError && SHARD_AWAY_CODES.has(error.code);
}

/** The client's error for an answer that is not in ClickHouse's words: of a proxy, or of a server that goes down. */
function isForeignAnswer(error: unknown): boolean {
  return error instanceof Error && Object.getPrototypeOf(error) === Error.prototype && !('code' in error);
}
