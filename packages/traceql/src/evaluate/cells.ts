/** What is measured of the spans of one series in one bucket. */
export interface Cell {
  /** In seconds for durations; 1 where only the spans count. */
  readonly values: number[];
  /** Of each value. */
  readonly weights: number[];
}

export function addToCell(cells: Map<number, Cell>, bucket: number, value: number, weight: number): void {
  const cell = cells.get(bucket) ?? { values: [], weights: [] };
  cell.values.push(value);
  cell.weights.push(weight);
  cells.set(bucket, cell);
}

export function totalWeight({ weights }: Cell): number {
  return sumOf(weights);
}

export function weightedSum({ values, weights }: Cell): number {
  return sumOf(values.map((value, index) => value * weights[index]));
}

/** Sums of fractional weights depend on the order of adding; a share this small of the whole is no difference. */
const RANK_TOLERANCE = 1e-9;

/** The smallest value v for which the weight of the values ≤ v is at least `q` of the whole (nearest rank). */
export function weightedQuantile({ values, weights }: Cell, q: number): number | undefined {
  const wanted = q * sumOf(weights) * (1 - RANK_TOLERANCE);
  const ascending = [...values.keys()].sort((a, b) => values[a] - values[b]);
  let weight = 0;
  for (const index of ascending) {
    weight += weights[index];
    if (weight >= wanted) return values[index];
  }
  const last = ascending.at(-1);
  return last === undefined ? undefined : values[last];
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
