const STEPS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/**
 * Values as one row of blocks from zero (or the smallest, where one is negative) to the largest; blanks where there
 * is none. Several values share a block when they are more than `width`: the largest of them is shown.
 */
export function sparkline(values: readonly (number | null)[], width: number): string {
  const cells = Math.min(values.length, Math.max(1, width));
  const shown = Array.from({ length: cells }, (_, cell) => {
    const part = values.slice(
      Math.floor((cell * values.length) / cells),
      Math.floor(((cell + 1) * values.length) / cells),
    );
    return part.reduce((most, value) => (value === null || (most !== null && most >= value) ? most : value), null);
  });
  const known = shown.filter((value) => value !== null);
  const low = Math.min(0, ...known);
  const span = Math.max(0, ...known) - low;
  return shown.map((value) => (value === null ? ' ' : block(value - low, span))).join('');
}

function block(height: number, span: number): string {
  if (span === 0) return STEPS[0];
  return STEPS[Math.min(STEPS.length - 1, Math.floor((height / span) * STEPS.length))] ?? STEPS[0];
}
