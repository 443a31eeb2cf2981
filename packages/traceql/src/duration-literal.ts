/** Duration literals: `100ms`, `1.5s`, `1h30m`, `2d`. */

const UNIT_NANO: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n, // U+00B5
  μs: 1_000n, // U+03BC
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
  y: 31_536_000_000_000_000n,
};

/** Names of the units, for messages. A year is 365 days. */
export const DURATION_UNITS = 'ns us ms s m h d w y';

/** One number with its unit: for a sticky regular expression. */
export const DURATION_PART = String.raw`(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h|d|w|y)`;

/** The nanoseconds of a text that is one or more DURATION_PARTs; what is below a nanosecond is cut off. */
export function durationFromText(text: string): bigint {
  let nanos = 0n;
  for (const [, number = '', unit = ''] of text.matchAll(new RegExp(DURATION_PART, 'g'))) {
    const [whole = '', fraction = ''] = number.split('.');
    const scaled = BigInt(`${whole}${fraction}`) * (UNIT_NANO[unit] ?? 1n);
    nanos += scaled / 10n ** BigInt(fraction.length);
  }
  return nanos;
}

/** The shortest exact spelling: `1.5s`, `250ms`, `1h30m`; parses back to the same nanoseconds. */
export function durationText(nanos: bigint): string {
  if (nanos < 0n) return `-${durationText(-nanos)}`;
  if (nanos === 0n) return '0s';
  if (nanos < 60_000_000_000n) {
    for (const unit of ['s', 'ms', 'us', 'ns']) {
      const size = UNIT_NANO[unit] ?? 1n;
      if (nanos < size) continue;
      if ((nanos * 1000n) % size !== 0n) break;
      const thousandths = (nanos * 1000n) / size;
      const fraction = (thousandths % 1000n).toString().padStart(3, '0').replace(/0+$/, '');
      return `${thousandths / 1000n}${fraction === '' ? '' : `.${fraction}`}${unit}`;
    }
  }
  let rest = nanos;
  let text = '';
  for (const unit of ['h', 'm', 's', 'ms', 'us', 'ns']) {
    const size = UNIT_NANO[unit] ?? 1n;
    if (rest >= size) text += `${rest / size}${unit}`;
    rest %= size;
  }
  return text;
}
