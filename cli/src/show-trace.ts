import { TRACE_COLUMNS_MEDIA_TYPE } from '@clew/contract';
import { FLAG_ERROR, parseTraceId } from '@clew/model';
import { decodeTraceColumns, TraceColumnsError } from '@clew/wire/columns/decode-trace-columns';
import type { ClewClient } from './api/clew-client.ts';
import { CommandError, EXIT_FAILED, EXIT_NOTHING_FOUND, EXIT_OK, EXIT_USAGE } from './exit-code.ts';
import type { Terminal } from './terminal.ts';
import { renderWaterfall } from './waterfall/render-waterfall.ts';
import type { RowLimits } from './waterfall/visible-rows.ts';

export interface TraceFlags extends RowLimits {
  readonly json: boolean;
}

/** `clew trace`: prints one trace as a waterfall or as OTLP JSON. @returns the exit code. */
export async function showTrace(
  terminal: Terminal,
  client: ClewClient,
  idText: string,
  flags: TraceFlags,
): Promise<number> {
  const traceId = parseTraceId(idText.trim());
  if (traceId === undefined) {
    throw new CommandError(`"${idText}" is not a trace id (1 to 32 hex digits, not all zero).`, EXIT_USAGE);
  }
  const path = `/api/v1/traces/${traceId}`;
  if (flags.json) {
    const body = await client.get(path, {}, 'application/json');
    terminal.out(`${Buffer.from(body).toString('utf8').trimEnd()}\n`);
    return EXIT_OK;
  }
  const columns = decode(await client.get(path, {}, TRACE_COLUMNS_MEDIA_TYPE));
  if (flags.onlyErrors && !columns.flags.some((bits) => (bits & FLAG_ERROR) !== 0)) {
    terminal.err(`no span of ${traceId} has an error. Leave out --errors to see the trace.\n`);
    return EXIT_NOTHING_FOUND;
  }
  terminal.out(renderWaterfall(columns, flags, terminal));
  return EXIT_OK;
}

function decode(body: ArrayBuffer): ReturnType<typeof decodeTraceColumns> {
  try {
    return decodeTraceColumns(body);
  } catch (error) {
    if (!(error instanceof TraceColumnsError)) throw error;
    throw new CommandError(`the answer cannot be read: ${error.message} Is the server another version?`, EXIT_FAILED);
  }
}
