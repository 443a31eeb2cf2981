/** Structured logs: JSON lines, or one readable line each on a terminal. Always to standard error. */
import { pino } from 'pino';
import { PinoPretty } from 'pino-pretty';
import type { StageLogger } from './stage-logger.ts';

export interface LoggerOptions {
  readonly level: string;
  readonly format: 'auto' | 'json' | 'pretty';
}

export function createLogger({ level, format }: LoggerOptions): StageLogger {
  const pretty = format === 'pretty' || (format === 'auto' && process.stderr.isTTY === true);
  // Without pid and host name: the process manager adds its own.
  const settings = { level, base: null };
  if (!pretty) return pino(settings, pino.destination({ dest: 2, sync: true }));
  return pino(
    settings,
    PinoPretty({
      destination: 2,
      sync: true,
      translateTime: 'SYS:HH:MM:ss.l',
      ignore: 'pid,hostname',
      singleLine: true,
    }),
  );
}
