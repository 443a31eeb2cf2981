import type { TailTrace } from '@clew/contract';
import type { Terminal } from '../terminal.ts';
import { attributeText } from '../text/attribute-text.ts';
import { padded, printable, truncated } from '../text/display-width.ts';
import { counted, formatDurationNano, formatTimeNano } from '../text/format-values.ts';

const DURATION_CELLS = 7;

/** One line of a tail: when, who, how long, what of it matched, and the trace's id last, whole. */
export function tailLine(trace: TailTrace, { colors, columns }: Terminal): string {
  const time = formatTimeNano(BigInt(trace.startTimeUnixNano)).slice(11);
  const duration = padded(formatDurationNano(Number(trace.durationNano)), DURATION_CELLS, 'left');
  const errors = trace.errorCount === 0 ? '' : counted(trace.errorCount, 'error');
  const facts = [
    counted(trace.spanCount, 'span'),
    ...(trace.matchedCount === trace.spanCount ? [] : [`${trace.matchedCount} matched`]),
    ...setTexts(trace),
  ].join(' · ');
  const hasRoot = trace.rootService !== '' || trace.rootName !== '';
  const service = hasRoot ? printable(trace.rootService) : printable(trace.services[0]?.name ?? '');
  const name = hasRoot ? printable(trace.rootName) : '(no root yet)';
  const fixed = time.length + DURATION_CELLS + 32 + 8 + (errors === '' ? 0 : errors.length + 2);
  const room = Math.max(20, columns - fixed);
  const what = Number.isFinite(columns)
    ? truncated(`${service} ${name}  ${facts}`, room)
    : `${service} ${name}  ${facts}`;
  const mark = trace.again ? '↻' : ' ';
  return [
    colors.dim(time),
    duration,
    `${colors.yellow(mark)}${coloured(what, service, colors)}`,
    ...(errors === '' ? [] : [colors.red(errors)]),
    colors.cyan(trace.traceId),
  ].join('  ');
}

/** What the query says of its sets: groups and aggregates. */
function setTexts({ spansets }: TailTrace): readonly string[] {
  const texts = spansets.map(({ attributes }) => attributes.map(attributeText).join(' ')).filter((text) => text !== '');
  return texts.length > 3 ? [...texts.slice(0, 3), `${texts.length - 3} more`] : texts;
}

function coloured(text: string, service: string, { bold, dim }: Terminal['colors']): string {
  const facts = text.lastIndexOf('  ');
  const head = facts < 0 ? text : text.slice(0, facts);
  const shown = head.startsWith(service) ? bold(service) + head.slice(service.length) : head;
  return facts < 0 ? shown : shown + dim(text.slice(facts));
}
