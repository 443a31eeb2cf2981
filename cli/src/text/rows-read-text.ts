import type { ReadStatistics } from '@clew/contract';
import { formatCount } from './format-values.ts';

/** "12,345 rows"; "at least 12,345 rows" where streamed answers did not tell what was read for them. */
export function rowsReadText({ rowsRead, unknownReads = 0 }: ReadStatistics): string {
  return `${unknownReads > 0 ? 'at least ' : ''}${formatCount(rowsRead)} rows`;
}
