import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { ScanLine } from './scan-line.tsx';
import { totalStatistics } from './total-statistics.ts';

const WHOLE = { rowsRead: 12_345, bytesRead: 4_000_000, elapsedMs: 24, complete: true };
const UNTOLD = { ...WHOLE, unknownReads: 2 };

describe('the line that says what an answer cost', () => {
  it('tells exact figures where every statement told them', () => {
    const line = renderToStaticMarkup(<ScanLine statistics={WHOLE} />);
    expect(line).toContain('Scanned 12.3K rows (4 MB) in 24 ms · complete');
    expect(line).not.toContain('at least');
  });

  it('says at least where streamed answers did not tell what was read for them', () => {
    expect(renderToStaticMarkup(<ScanLine statistics={UNTOLD} />)).toContain('Scanned at least 12.3K rows (4 MB)');
  });

  it('keeps that over several pages', () => {
    const total = totalStatistics([WHOLE, UNTOLD, UNTOLD]);
    expect(total).toMatchObject({ rowsRead: 37_035, unknownReads: 4 });
    expect(totalStatistics([WHOLE, WHOLE])).not.toHaveProperty('unknownReads');
  });
});
