/** A value bound to a statement. Numbers go as text, except inside arrays, where text would be quoted. */
export type SqlValue = string | readonly string[] | readonly bigint[];

/**
 * The bound parameters of one statement. Values never become part of the text: `add` gives the placeholder that the
 * engine replaces by the value, `{p0:String}`, as a typed constant.
 */
export class SqlParameters {
  readonly #values: Record<string, SqlValue> = {};
  #count = 0;

  /** Named and positional values, as the client takes them. */
  get values(): Readonly<Record<string, SqlValue>> {
    return this.#values;
  }

  /** Binds a value under a fixed name; the placeholder. */
  name(name: string, type: string, value: SqlValue): string {
    this.#values[name] = value;
    return `{${name}:${type}}`;
  }

  string(value: string): string {
    return this.#add('String', value);
  }

  strings(values: readonly string[]): string {
    return this.#add('Array(String)', values);
  }

  int64(value: bigint): string {
    return this.#add('Int64', value.toString());
  }

  uint64(value: bigint | number): string {
    return this.#add('UInt64', value.toString());
  }

  uint64s(values: readonly bigint[]): string {
    return this.#add('Array(UInt64)', values);
  }

  int64s(values: readonly bigint[]): string {
    return this.#add('Array(Int64)', values);
  }

  float64(value: number): string {
    return this.#add('Float64', floatText(value));
  }

  /** A day, YYYY-MM-DD. */
  date(value: string): string {
    return this.#add('Date', value);
  }

  /** A DateTime64(9) from signed nanoseconds since 1970. */
  time(unixNano: bigint): string {
    return `fromUnixTimestamp64Nano(${this.int64(unixNano)})`;
  }

  #add(type: string, value: SqlValue): string {
    return this.name(`p${this.#count++}`, type, value);
  }
}

/** The engine's spelling of a double: exact (shortest round trip). */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  if (value === Number.NEGATIVE_INFINITY) return '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}
