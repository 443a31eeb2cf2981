/** The category of a colour scheme for every box of a flame graph. */
export interface BoxCategories {
  /** By box. */
  readonly categoryOf: ArrayLike<number>;
  /** Whether spans of other categories are in the box too. */
  readonly isMixed: (box: number) => boolean;
}

/**
 * The category that most rows of each group have, the smallest of equals.
 * @param groupOf group by row
 * @param sizes rows by group
 * @param categoryOf category by row, below `categoryCount`
 */
export function categoriesOfGroups(
  groupOf: Int32Array,
  sizes: Uint32Array,
  categoryOf: ArrayLike<number>,
  categoryCount: number,
): BoxCategories {
  const next = new Uint32Array(sizes.length);
  for (let group = 1; group < sizes.length; group++) next[group] = next[group - 1] + sizes[group - 1];
  const rows = new Uint32Array(groupOf.length);
  for (let row = 0; row < groupOf.length; row++) rows[next[groupOf[row]]++] = row;
  const category = new Uint32Array(sizes.length);
  const mixed = new Uint8Array(sizes.length);
  const counts = new Uint32Array(categoryCount);
  for (let group = 0; group < sizes.length; group++) {
    const from = next[group] - sizes[group];
    let most = categoryOf[rows[from]];
    for (let at = from; at < next[group]; at++) {
      const one = categoryOf[rows[at]];
      counts[one]++;
      if (counts[one] > counts[most] || (counts[one] === counts[most] && one < most)) most = one;
    }
    category[group] = most;
    mixed[group] = counts[most] < sizes[group] ? 1 : 0;
    // Only what was counted is put back: there may be as many categories as spans.
    for (let at = from; at < next[group]; at++) counts[categoryOf[rows[at]]] = 0;
  }
  return { categoryOf: category, isMixed: (box) => mixed[box] === 1 };
}
