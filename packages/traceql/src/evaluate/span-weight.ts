const THRESHOLDS = 2n ** 56n;

/**
 * How many spans a sampled span stands for: 2⁵⁶ ÷ (2⁵⁶ − T) where its W3C trace state says `ot=th:T`, T being 1 to 14
 * hex digits of which trailing zeros are left out (OpenTelemetry, "TraceState: Probability Sampling"); else 1.
 */
export function spanWeight(traceState: string): number {
  for (const member of traceState.split(',')) {
    const [, list] = /^[ \t]*ot=(.*?)[ \t]*$/s.exec(member) ?? [];
    if (list === undefined) continue;
    const digits = list.split(';').flatMap((item) => /^th:([0-9a-f]{1,14})$/.exec(item)?.[1] ?? [])[0];
    if (digits === undefined) return 1;
    return Number(THRESHOLDS) / Number(THRESHOLDS - BigInt(`0x${digits.padEnd(14, '0')}`));
  }
  return 1;
}
