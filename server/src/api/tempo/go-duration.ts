/** Durations as Go reads and writes them (package time, ParseDuration and Duration.String). */

const UNIT_NANO: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;
const MAX_NANO = 2n ** 63n - 1n;

/** Nanoseconds of `1h30m`, `1.5s`, `100ms`, `0`; undefined when it is not one, is negative or longer than 292 years. */
export function tryGoDuration(text: string): bigint | undefined {
  if (text === '0') return 0n;
  let nano = 0n;
  let at = 0;
  while (at < text.length) {
    PART.lastIndex = at;
    const match = PART.exec(text);
    if (match === null) return undefined;
    const [whole, fraction = ''] = match[1].split('.');
    const unit = UNIT_NANO[match[2]];
    nano += BigInt(whole === '' ? '0' : whole) * BigInt(unit);
    nano += BigInt(Math.trunc(Number(`0.${fraction === '' ? '0' : fraction}`) * unit));
    at = PART.lastIndex;
  }
  return at === 0 || nano > MAX_NANO ? undefined : nano;
}

/** `1h0m0.5s`, `2m3s`, `1.5s`, `20ms`, `1.2µs`, `0s`. */
export function goDurationText(nano: bigint): string {
  if (nano < 0n) return `-${goDurationText(-nano)}`;
  if (nano === 0n) return '0s';
  if (nano < 1_000n) return `${nano}ns`;
  if (nano < 1_000_000n) return `${decimal(nano, 3)}µs`;
  if (nano < 1_000_000_000n) return `${decimal(nano, 6)}ms`;
  const hours = nano / 3_600_000_000_000n;
  const minutes = (nano / 60_000_000_000n) % 60n;
  const seconds = `${decimal(nano % 60_000_000_000n, 9)}s`;
  if (hours > 0n) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0n ? `${minutes}m${seconds}` : seconds;
}

/** The number with its last `digits` digits behind the point, without trailing zeros. */
function decimal(value: bigint, digits: number): string {
  const text = value.toString().padStart(digits + 1, '0');
  const fraction = text.slice(-digits).replace(/0+$/, '');
  const whole = text.slice(0, -digits);
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
