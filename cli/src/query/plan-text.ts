import type { QueryPlan, QueryStep } from '@clew/contract';
import type { Terminal } from '../terminal.ts';
import { printable } from '../text/display-width.ts';
import { counted, formatCount } from '../text/format-values.ts';

const TIERS: Readonly<Record<QueryPlan['tier'], string>> = {
  sql: 'the engine alone (SQL)',
  rows: 'columns of candidate traces, joined in the server (rows)',
  'whole-traces': 'candidate traces as a whole, judged in the server (whole-traces)',
};

/** A plan for people: the query as understood, why it runs as it does, and each statement with what it read. */
export function planText({ query, tier, reasons, steps }: QueryPlan, { colors }: Terminal): string {
  const rows = steps.reduce((sum, step) => sum + (step.rowsRead ?? 0), 0);
  const bytes = steps.reduce((sum, step) => sum + (step.bytesRead ?? 0), 0);
  const unknown = steps.filter((step) => step.rowsRead === undefined).length;
  const beside = unknown === 0 ? '' : ` and what ${unknown} of them did not tell`;
  const lines = [
    '',
    colors.bold('Query'),
    ...indented(query),
    colors.bold('Answered by'),
    `  ${TIERS[tier] ?? printable(tier)}`,
    ...reasons.map((reason) => `  - ${printable(reason)}`),
    colors.bold(
      `Steps (${counted(steps.length, 'statement')}, ${formatCount(rows)} rows, ${byteText(bytes)}${beside})`,
    ),
    ...steps.flatMap((step, at) => stepLines(step, at + 1, colors)),
    '',
  ];
  return lines.join('\n');
}

function stepLines(step: QueryStep, number: number, colors: Terminal['colors']): readonly string[] {
  const { rowsRead, bytesRead, rowsAnswered, elapsedMs } = step;
  const read =
    rowsRead === undefined || bytesRead === undefined
      ? 'not known what was read'
      : `${formatCount(rowsRead)} rows, ${byteText(bytesRead)} read`;
  const cost = `${read} → ${formatCount(rowsAnswered)} rows in ${elapsedMs} ms`;
  const parameters = Object.entries(step.parameters).map(([name, value]) => `    ${name} = ${printable(value)}`);
  return [
    `  ${number}. ${printable(step.name)}: ${cost}`,
    ...indented(withBreaks(step.sql), 4).map((line) => colors.cyan(line)),
    ...parameters.map((line) => colors.dim(line)),
  ];
}

/** A line for each clause of the statement itself; what stands in parentheses or quotes stays as it is. */
export function withBreaks(sql: string): string {
  let depth = 0;
  let quote = '';
  let text = '';
  for (let at = 0; at < sql.length; at++) {
    const char = sql[at] ?? '';
    if (quote !== '') {
      if (char === '\\') text += sql[at++];
      else if (char === quote) quote = '';
    } else if (char === "'" || char === '`') quote = char;
    else if (char === '(' || char === '[' || char === '{') depth++;
    else if (char === ')' || char === ']' || char === '}') depth--;
    else if (char === ' ' && depth === 0 && CLAUSE.test(sql.slice(at))) {
      text += '\n';
      continue;
    }
    text += sql[at] ?? '';
  }
  return text;
}

const CLAUSE = /^ (?:FROM|WHERE|AND|PREWHERE|GROUP BY|HAVING|ORDER BY|LIMIT|SETTINGS|UNION ALL)\b/;

function indented(text: string, cells = 2): string[] {
  return text.split('\n').map((line) => `${' '.repeat(cells)}${printable(line)}`);
}

export function byteText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${Number(size.toPrecision(3))} ${units[unit]}`;
}
