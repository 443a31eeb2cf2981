/** Black or white, whichever stands out more on a colour given as `rgb(r, g, b)` (WCAG 2.2, contrast ratio). */
export function readableOn(colour: string): string {
  const [red, green, blue] = (colour.match(/[\d.]+/g) ?? []).map((part) => linear(Number(part) / 255));
  const luminance = 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
  return (luminance + 0.05) ** 2 > 1.05 * 0.05 ? '#000000' : '#ffffff';
}

function linear(part: number): number {
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}
