import { useMemo } from 'react';

export const SPARK_WIDTH = 72;
export const SPARK_HEIGHT = 20;

/** A line of values over time, from 0 to the largest; interrupted where there is none. */
export function Sparkline(props: {
  readonly values: readonly (number | null)[];
  readonly tone: 'rate' | 'error';
  readonly label: string;
}) {
  const { values, tone } = props;
  const { line, area } = useMemo(() => sparkPaths(values), [values]);
  return (
    <svg
      className={`spark is-${tone}`}
      width={SPARK_WIDTH}
      height={SPARK_HEIGHT}
      viewBox={`0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}`}
      role="img"
      aria-label={props.label}
    >
      <path className="spark-area" d={area} />
      <path className="spark-line" d={line} />
    </svg>
  );
}

/** Lines, and what is under them. */
export function sparkPaths(values: readonly (number | null)[]): { readonly line: string; readonly area: string } {
  const most = values.reduce<number>((top, value) => Math.max(top, value ?? 0), 0);
  const step = SPARK_WIDTH / Math.max(1, values.length - 1);
  const bottom = SPARK_HEIGHT - 1;
  let line = '';
  let area = '';
  let from: number | undefined;
  values.forEach((value, at) => {
    if (value === null) {
      if (from !== undefined) area += `V${bottom}H${shown(from)}Z`;
      from = undefined;
      return;
    }
    const x = values.length === 1 ? SPARK_WIDTH / 2 : at * step;
    const y = most === 0 ? bottom : bottom - (value / most) * (SPARK_HEIGHT - 3);
    line += `${from === undefined ? 'M' : 'L'}${shown(x)} ${shown(y)}`;
    area += from === undefined ? `M${shown(x)} ${bottom}V${shown(y)}` : `L${shown(x)} ${shown(y)}`;
    from ??= x;
  });
  if (from !== undefined) area += `V${bottom}H${shown(from)}Z`;
  return { line, area };
}

function shown(value: number): string {
  return String(Math.round(value * 10) / 10);
}
