/** Paths of small charts: `width` and `height` in pixels, values from 0 to `top`. */

/** A bar for each column with a value, a pixel apart where there is room. */
export function barsPath(values: ArrayLike<number>, top: number, width: number, height: number): string {
  const step = width / values.length;
  const gap = step >= 4 ? 1 : 0;
  let path = '';
  for (let column = 0; column < values.length; column++) {
    const value = values[column];
    if (!(value > 0)) continue;
    const left = column * step;
    // What is there is seen, however little it is.
    const high = Math.max(1.5, (value / top) * height);
    path += `M${left.toFixed(1)} ${height}v${(-high).toFixed(1)}h${(step - gap).toFixed(1)}v${high.toFixed(1)}z`;
  }
  return path;
}

/** A line through the middles of the columns, interrupted where there is no value; a value alone is a dash. */
export function linePath(values: ArrayLike<number>, yOf: (value: number) => number, width: number): string {
  const step = width / values.length;
  let path = '';
  let isDrawing = false;
  for (let column = 0; column < values.length; column++) {
    const value = values[column];
    if (Number.isNaN(value)) {
      isDrawing = false;
      continue;
    }
    const x = ((column + 0.5) * step).toFixed(1);
    path += `${isDrawing ? 'L' : 'M'}${x} ${yOf(value).toFixed(1)}`;
    const isAlone = !isDrawing && !(values[column + 1] >= 0);
    if (isAlone) path += `m${(-step / 2).toFixed(1)} 0h${step.toFixed(1)}`;
    isDrawing = true;
  }
  return path;
}
