import type { SearchStatistics } from '@clew/contract';

/** What several pages cost and rest on, together. */
export function totalStatistics(pages: readonly SearchStatistics[]): SearchStatistics | undefined {
  if (pages.length === 0) return undefined;
  const reason = pages.find((page) => !page.complete)?.incompleteReason;
  const sum = (of: (page: SearchStatistics) => number): number => pages.reduce((total, page) => total + of(page), 0);
  const unknownReads = sum((page) => page.unknownReads ?? 0);
  const isSampled = pages.some((page) => (page.sampling?.sampled ?? 0) > 0);
  return {
    rowsRead: sum((page) => page.rowsRead),
    bytesRead: sum((page) => page.bytesRead),
    elapsedMs: sum((page) => page.elapsedMs),
    complete: pages.every((page) => page.complete),
    ...(unknownReads === 0 ? {} : { unknownReads }),
    ...(reason === undefined ? {} : { incompleteReason: reason }),
    ...(isSampled && {
      sampling: {
        spans: sum((page) => page.sampling?.spans ?? 0),
        sampled: sum((page) => page.sampling?.sampled ?? 0),
        weight: sum((page) => page.sampling?.weight ?? 0),
      },
    }),
  };
}
