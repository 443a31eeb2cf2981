import { text } from '../text/catalogue.ts';
import {
  exactInstant,
  formatAgo,
  formatClock,
  formatInstant,
  formatShortInstant,
  zoneLabel,
} from '../text/format-time.ts';
import { useTimeZone } from './use-time-zone.ts';

const NANOS_PER_MS = 1_000_000;

/**
 * An instant in the zone of the settings, with UTC and all its digits in the tooltip. `unixNano` is a decimal string
 * or bigint of unix nanoseconds, or `unixMs` where only that is known. `zone` adds the zone's short name: for the first
 * time of a page or table.
 */
export function Time(props: {
  readonly unixNano?: string | bigint;
  readonly unixMs?: number;
  readonly as?: 'instant' | 'clock' | 'short' | 'ago';
  /** For `short` and `ago`. */
  readonly nowMs?: number;
  readonly zone?: boolean;
  readonly className?: string;
}) {
  useTimeZone();
  const exactNano =
    props.unixNano === undefined ? BigInt(Math.round((props.unixMs ?? 0) * NANOS_PER_MS)) : BigInt(props.unixNano);
  const unixMs = props.unixMs ?? Number(exactNano / 1000n) / 1000;
  const { utc, epoch } = exactInstant(exactNano);
  const label = zoneLabel(unixMs);
  return (
    <time
      dateTime={utc}
      className={props.className}
      title={text.shell.instant(`${formatInstant(unixMs)} ${label}`, utc, epoch)}
    >
      {formatAs(props.as ?? 'instant', unixMs, props.nowMs ?? Date.now())}
      {props.zone === true && ` ${label}`}
    </time>
  );
}

function formatAs(as: 'instant' | 'clock' | 'short' | 'ago', unixMs: number, nowMs: number): string {
  if (as === 'clock') return formatClock(unixMs);
  if (as === 'short') return formatShortInstant(unixMs, nowMs);
  return as === 'ago' ? formatAgo(unixMs, nowMs) : formatInstant(unixMs);
}
