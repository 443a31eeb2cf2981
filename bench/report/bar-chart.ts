export interface Bar {
  readonly label: string;
  readonly value: number;
}

const WIDTH = 50;

/** A bar a line from zero to the largest value; a value that is not a number has no bar. */
export function barChart(title: string, bars: readonly Bar[], format: (value: number) => string): string[] {
  const largest = Math.max(...bars.map(({ value }) => value).filter(Number.isFinite), Number.MIN_VALUE);
  const width = Math.max(0, ...bars.map(({ label }) => label.length));
  const lines = bars.map(({ label, value }) => {
    const bar = Number.isFinite(value) ? '#'.repeat(Math.round((value / largest) * WIDTH)) : '';
    return `  ${label.padStart(width)} |${bar} ${Number.isFinite(value) ? format(value) : '-'}`;
  });
  return [title, ...lines];
}

/** `points` values made `count` by taking the largest of each stretch: peaks stay visible. */
export function largestOfEach(points: readonly number[], count: number): number[] {
  if (points.length <= count) return [...points];
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor((i * points.length) / count);
    const to = Math.floor(((i + 1) * points.length) / count);
    return Math.max(...points.slice(from, to));
  });
}
