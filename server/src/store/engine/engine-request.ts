/** A ClickHouse HTTP request taken apart: statement, format, parameters, settings. */
import { EngineError, EngineErrorCode } from './engine-error.ts';

export interface EngineRequest {
  readonly queryInUrl: string;
  readonly queryId: string | undefined;
  readonly defaultFormat: string | undefined;
  readonly database: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly settings: ReadonlyMap<string, string>;
}

/**
 * URL parameters of the HTTP interface that are about the transfer, and that a private socket has no use for.
 * Source: clickhouse.com/docs/interfaces/http.
 */
const TRANSFER_PARAMETERS = new Set([
  'add_http_cors_header',
  'buffer_size',
  'cancel_http_readonly_queries_on_client_close',
  'client_protocol_version',
  'enable_http_compression',
  'http_headers_progress_interval_ms',
  'http_zlib_compression_level',
  'password',
  'quota_key',
  'send_progress_in_http_headers',
  'user',
  'wait_end_of_query',
]);

const UNSUPPORTED_PARAMETERS = new Set(['compress', 'decompress', 'role', 'session_id', 'session_timeout']);

const SETTING_NAME = /^[A-Za-z_][A-Za-z0-9_.]{0,127}$/;

/** Throws EngineError (36) on what the embedded engine does not do. */
export function parseEngineRequest(url: URL): EngineRequest {
  const parameters: Record<string, string> = Object.create(null) as Record<string, string>;
  const settings = new Map<string, string>();
  let queryInUrl = '';
  let queryId: string | undefined;
  let defaultFormat: string | undefined;
  let database: string | undefined;
  for (const [name, value] of url.searchParams) {
    if (name === 'query') queryInUrl = value;
    else if (name === 'query_id') queryId = value;
    else if (name === 'default_format') defaultFormat = value;
    else if (name === 'database') database = value;
    else if (name.startsWith('param_')) parameters[name.slice('param_'.length)] = value;
    else if (UNSUPPORTED_PARAMETERS.has(name)) {
      throw new EngineError(`The embedded engine has no ${name}. Leave it out.`, EngineErrorCode.badArguments);
    } else if (!TRANSFER_PARAMETERS.has(name)) {
      if (!SETTING_NAME.test(name)) {
        throw new EngineError(`Not the name of a setting: ${JSON.stringify(name)}.`, EngineErrorCode.badArguments);
      }
      settings.set(name, value);
    }
  }
  if (defaultFormat !== undefined && !/^\w{1,64}$/.test(defaultFormat)) {
    throw new EngineError(`Unknown format ${JSON.stringify(defaultFormat)}`, EngineErrorCode.unknownFormat);
  }
  return { queryInUrl, queryId, defaultFormat, database, parameters, settings };
}
