import { parseSpanId, parseTraceId, type SpanId, type TraceId } from '@clew/model';
import { TraceFileError } from './trace-file-error.ts';

const MAX_SHOWN_CHARACTERS = 60;

/** A value of parsed JSON that knows where it stands: whatever is wrong with it can be told with place and value. */
export class JsonNode {
  readonly value: unknown;
  readonly #format: string;
  readonly #parent: JsonNode | undefined;
  readonly #key: string | number;

  /** @param format named in errors: "Jaeger JSON" */
  constructor(value: unknown, format: string, parent?: JsonNode, key: string | number = '') {
    this.value = value;
    this.#format = format;
    this.#parent = parent;
    this.#key = key;
  }

  /** `data[0].spans[3].startTime`; empty for the whole. */
  get path(): string {
    if (this.#parent === undefined) return '';
    const above = this.#parent.path;
    if (typeof this.#key === 'number') return `${above}[${this.#key}]`;
    return above === '' ? this.#key : `${above}.${this.#key}`;
  }

  /** Absent: the member is not there or null. */
  get isAbsent(): boolean {
    return this.value === undefined || this.value === null;
  }

  get isObject(): boolean {
    return typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value);
  }

  /** @throws TraceFileError when this is no object */
  member(key: string): JsonNode {
    if (!this.isObject) throw this.error('must be an object');
    const members = this.value as Readonly<Record<string, unknown>>;
    return new JsonNode(Object.hasOwn(members, key) ? members[key] : undefined, this.#format, this, key);
  }

  /** Members in the order of the file; none where the object is absent. */
  members(): JsonNode[] {
    if (this.isAbsent) return [];
    if (!this.isObject) throw this.error('must be an object');
    return Object.entries(this.value as object).map(([key, value]) => new JsonNode(value, this.#format, this, key));
  }

  get key(): string {
    return String(this.#key);
  }

  /** None where the array is absent. */
  items(): JsonNode[] {
    if (this.isAbsent) return [];
    if (!Array.isArray(this.value)) throw this.error('must be an array');
    return this.value.map((item: unknown, index) => new JsonNode(item, this.#format, this, index));
  }

  /** Empty where it is absent. */
  text(): string {
    if (this.isAbsent) return '';
    if (typeof this.value !== 'string') throw this.error('must be a string');
    return this.value;
  }

  /** The value read by `read`, which returns undefined for one it cannot. */
  #as<Value>(read: (text: string) => Value | undefined, must: string): Value {
    const value = typeof this.value === 'string' ? read(this.value) : undefined;
    if (value === undefined) throw this.error(must);
    return value;
  }

  traceId(): TraceId {
    return this.#as(parseTraceId, 'must be 1 to 32 hex digits, not all zeros');
  }

  spanId(): SpanId {
    return this.#as(parseSpanId, 'must be 1 to 16 hex digits, not all zeros');
  }

  /** Nanoseconds of a number of microseconds, whole or with a fraction. */
  nanosOfMicros(): bigint {
    const micros = typeof this.value === 'string' && this.value.trim() !== '' ? Number(this.value) : this.value;
    if (typeof micros !== 'number' || !Number.isFinite(micros) || micros < 0) {
      throw this.error('must be a number of microseconds');
    }
    const whole = Math.floor(micros);
    return BigInt(whole) * 1000n + BigInt(Math.round((micros - whole) * 1000));
  }

  /** @param must "must be …" */
  error(must: string): TraceFileError {
    const { path } = this;
    const shown = JSON.stringify(this.value) ?? 'absent';
    const value = shown.length > MAX_SHOWN_CHARACTERS ? `${shown.slice(0, MAX_SHOWN_CHARACTERS)}…` : shown;
    const where = path === '' ? 'the whole' : path;
    return new TraceFileError(
      'TRACE_FILE_INVALID_VALUE',
      `${this.#format}: ${where} is ${value} (${must}). Correct the file or export it again.`,
      path,
    );
  }
}
