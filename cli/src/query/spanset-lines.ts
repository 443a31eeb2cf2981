import type { FoundSpan, FoundSpanset, FoundTrace } from '@clew/contract';
import type { Terminal } from '../terminal.ts';
import { attributeText } from '../text/attribute-text.ts';
import { printable, truncated } from '../text/display-width.ts';
import { counted, formatCount, formatDurationNano } from '../text/format-values.ts';

/** Sets of one trace that are printed; the API gives 100 at most. */
const MAX_SETS = 20;

/** What a query of sets found in a trace, indented below its line: groups and aggregates, then the spans of each. */
export function spansetLines({ spansets }: FoundTrace, terminal: Terminal): readonly string[] {
  const lines = spansets.slice(0, MAX_SETS).flatMap((set) => setLines(set, terminal));
  const hidden = spansets.length - MAX_SETS;
  return hidden <= 0 ? lines : [...lines, terminal.colors.dim(`  … ${counted(hidden, 'more set')}`)];
}

function setLines({ attributes, matchedCount, spans }: FoundSpanset, terminal: Terminal): readonly string[] {
  const { colors } = terminal;
  const head = [...attributes.map(attributeText), counted(matchedCount, 'span')].join(' · ');
  const lines = [`  ${colors.bold(fitted(head, 2, terminal))}`, ...spans.map((span) => spanLine(span, terminal))];
  const hidden = matchedCount - spans.length;
  return hidden <= 0 || spans.length === 0
    ? lines
    : [...lines, colors.dim(`    … ${formatCount(hidden)} more, shorter ones`)];
}

function spanLine(span: FoundSpan, terminal: Terminal): string {
  const { colors } = terminal;
  const mark = span.statusCode === 2 ? colors.red('✖ ') : '';
  const duration = formatDurationNano(Number(span.durationNano));
  const selected = (span.attributes ?? []).map(attributeText).join('  ');
  const text = `${printable(span.service)} ${printable(span.name)}  ${duration}${selected === '' ? '' : `  ${selected}`}`;
  const shown = fitted(text, 4 + (mark === '' ? 0 : 2), terminal);
  const facts = shown.indexOf(`  ${duration}`);
  return `    ${mark}${facts < 0 ? shown : shown.slice(0, facts) + colors.dim(shown.slice(facts))}`;
}

function fitted(text: string, indent: number, { columns }: Terminal): string {
  return Number.isFinite(columns) ? truncated(text, Math.max(20, columns - indent)) : text;
}
