/** How a figure has changed against the period before. */
export interface FigureChange {
  readonly direction: 'up' | 'down' | 'same' | 'new' | 'none';
  /** "+12 %", "−0.4 pp"; empty for none. */
  readonly text: string;
  /** Large enough to be looked at. */
  readonly isNotable: boolean;
}

const NONE: FigureChange = { direction: 'none', text: '', isNotable: false };
const MINUS = '\u2212';
/** Changes of at least a fifth, and of at least one percentage point, stand out. */
const NOTABLE_RATIO = 0.2;
const NOTABLE_POINTS = 1;
/** From here on it is said how many times as much. */
const TIMES_FROM = 10;

/** Of a rate: in percent; "×12" from ten times on. */
export function ratioChange(now: number | null | undefined, before: number | null | undefined): FigureChange {
  if (now === null || now === undefined) return NONE;
  if (before === null || before === undefined || before === 0) {
    return now === 0 ? NONE : { direction: 'new', text: '', isNotable: true };
  }
  const ratio = now / before - 1;
  const isNotable = Math.abs(ratio) >= NOTABLE_RATIO;
  const percent = Math.round(Math.abs(ratio) * 100);
  if (percent === 0) return { direction: 'same', text: '±0 %', isNotable: false };
  if (ratio >= TIMES_FROM) return { direction: 'up', text: `×${Math.round(ratio + 1)}`, isNotable };
  return ratio > 0
    ? { direction: 'up', text: `+${percent} %`, isNotable }
    : { direction: 'down', text: `${MINUS}${percent} %`, isNotable };
}

/** Of a duration: as of a rate, but there is nothing new about it where there was none before. */
export function durationChange(now: number | null | undefined, before: number | null | undefined): FigureChange {
  return before === null || before === undefined ? NONE : ratioChange(now, before);
}

/** Of a share: in percentage points. */
export function shareChange(now: number | undefined, before: number | undefined): FigureChange {
  if (now === undefined || before === undefined) return NONE;
  const points = (now - before) * 100;
  const shown = Number(Math.abs(points).toFixed(1));
  if (shown === 0) return { direction: 'same', text: '±0 pp', isNotable: false };
  return {
    direction: points > 0 ? 'up' : 'down',
    text: `${points > 0 ? '+' : MINUS}${shown} pp`,
    isNotable: Math.abs(points) >= NOTABLE_POINTS,
  };
}
