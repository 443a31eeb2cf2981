/** CPU nanoseconds a span for `repeat` runs, each of which says how many spans it did. */
export function nanosPerSpan(repeat: number, run: () => number): number {
  const before = process.cpuUsage();
  let spans = 0;
  for (let i = 0; i < repeat; i++) spans += run();
  const used = process.cpuUsage(before);
  return ((used.user + used.system) * 1000) / spans;
}

/** The upper one of the middle two where their number is even. Sorts them. */
export function median(values: number[]): number {
  return values.sort((a, b) => a - b)[values.length >> 1];
}
