const THRESHOLDS = 2n ** 56n;

/** 1 to 14 hex digits after `th:` in the list member `ot`. */
const THRESHOLD = /(?:^|,)[ \t]*ot=(?:[^,;]*;)*th:([0-9a-f]{1,14})[ \t]*(?:[;,]|$)/;

/**
 * How many spans a sampled span stands for: 2⁵⁶ ÷ (2⁵⁶ − T) where its W3C trace state says `ot=th:T`, trailing zeros of
 * T's 14 digits being left out (OpenTelemetry, "TraceState: Probability Sampling"); else 1.
 */
export function spanWeight(traceState: string): number {
  const digits = THRESHOLD.exec(traceState)?.[1];
  if (digits === undefined) return 1;
  return Number(THRESHOLDS) / Number(THRESHOLDS - BigInt(`0x${digits.padEnd(14, '0')}`));
}
