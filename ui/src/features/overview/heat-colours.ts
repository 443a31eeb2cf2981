/** Shades from few to many. */
export const HEAT_SHADES = 12;

/** Above 1: more shades for the larger counts, which by their logarithms alone would hardly differ. */
const CONTRAST = 1.6;

/** The shade of a count, by its logarithm: 0 for one span, the last for the largest count. */
export function shadeOf(count: number, largest: number): number {
  if (largest <= 1) return 0;
  const part = (Math.log(Math.max(1, count)) / Math.log(largest)) ** CONTRAST;
  return Math.max(0, Math.min(HEAT_SHADES - 1, Math.round(part * (HEAT_SHADES - 1))));
}

/** A shade as CSS. */
export function shadeColour(shade: number): string {
  const part = Math.round((100 * shade) / (HEAT_SHADES - 1));
  return `color-mix(in oklab, var(--heat-high) ${part}%, var(--heat-low))`;
}

/** The shades as a canvas takes them, of the theme in force. */
export function readShades(): readonly string[] {
  const probe = document.createElement('span');
  probe.style.setProperty('forced-color-adjust', 'none');
  document.body.append(probe);
  const shades = Array.from({ length: HEAT_SHADES }, (_, shade) => {
    probe.style.color = shadeColour(shade);
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return shades;
}
