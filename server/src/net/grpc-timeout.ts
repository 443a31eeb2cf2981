const MS_PER_UNIT: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 0.001,
  n: 0.000_001,
};

/**
 * A `grpc-timeout` value (1 to 8 digits and a unit of H M S m u n) in milliseconds, rounded up.
 * Undefined when it is absent; throws RangeError when it is not one.
 */
export function parseGrpcTimeout(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const match = /^(\d{1,8})([HMSmun])$/.exec(value);
  const unit = MS_PER_UNIT[match?.[2] ?? ''];
  if (match === null || unit === undefined) {
    throw new RangeError(
      `grpc-timeout: '${value.slice(0, 40)}' is not a timeout (1 to 8 digits and one of H M S m u n).`,
    );
  }
  return Math.ceil(Number(match[1]) * unit);
}
