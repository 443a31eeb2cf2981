/** Statements that multiply the seed: the same traces with other ids, other times and other users. */

/** The seed is split into this many slots of time when it is written, each copy of it moves by a whole slot. */
export interface Copy {
  /** 32 and 16 hex digits: what the ids of this copy differ by from the seed's. */
  readonly traceMask: string;
  readonly spanMask: string;
  /** How much earlier than the seed. */
  readonly earlierNano: bigint;
  /** Two hex digits at the end of every user's id, so that a user is not in every copy. */
  readonly userGroup: string;
  /** 32 hex digits: the trace of ten thousand spans, which most copies leave out; undefined keeps it. */
  readonly withoutTraceId: string | undefined;
}

const USER_KEY = 'app.user.id';

/** Columns of a copy of `clew.spans` that differ from the seed's. */
function clewReplacements(copy: Copy): Readonly<Record<string, string>> {
  const { earlierNano } = copy;
  const spanMask = `toFixedString(unhex('${copy.spanMask}'), 8)`;
  const earlier = (column: string): string =>
    `fromUnixTimestamp64Nano(toUnixTimestamp64Nano(${column}) - ${earlierNano})`;
  return {
    trace_id: `bitXor(trace_id, toFixedString(unhex('${copy.traceMask}'), 16))`,
    span_id: `bitXor(span_id, ${spanMask})`,
    parent_span_id: `if(parent_span_id = toFixedString('', 8), parent_span_id, bitXor(parent_span_id, ${spanMask}))`,
    start: earlier('start'),
    day: `toDate(${earlier('start')}, 'UTC')`,
    received: `received - ${earlierNano / 1_000_000_000n}`,
    attributes_string: withOtherUser('attributes_string', 'Map(String, String)', copy),
    events_and_links: withEarlierEvents(earlierNano),
  };
}

function baselineReplacements(copy: Copy): Readonly<Record<string, string>> {
  const spanMask = `unhex('${copy.spanMask}')`;
  const earlier = (column: string): string =>
    `fromUnixTimestamp64Nano(toUnixTimestamp64Nano(${column}) - ${copy.earlierNano})`;
  const masked = (column: string, mask: string, bytes: number): string =>
    `lower(hex(bitXor(toFixedString(unhex(${column}), ${bytes}), toFixedString(${mask}, ${bytes}))))`;
  return {
    Timestamp: earlier('Timestamp'),
    TraceId: masked('TraceId', `unhex('${copy.traceMask}')`, 16),
    SpanId: masked('SpanId', spanMask, 8),
    ParentSpanId: `if(ParentSpanId = '', '', ${masked('ParentSpanId', spanMask, 8)})`,
    SpanAttributes: withOtherUser('SpanAttributes', 'Map(LowCardinality(String), String)', copy),
    'Events.Timestamp': `arrayMap(time -> ${earlier('time')}, \`Events.Timestamp\`)`,
  };
}

/** The time of an event is in the value that begins it: store/encode/event-link-column.ts. */
function withEarlierEvents(earlierNano: bigint): string {
  const time = `toFixedString(reinterpretAsString(reinterpretAsInt64(substring(value, 2, 8)) - ${earlierNano}), 8)`;
  const earlier = `if(startsWith(value, '0'), concat('0', ${time}, substring(value, 10)), value)`;
  return `mapFromArrays(events_and_links.keys, arrayMap(value -> ${earlier}, events_and_links.values))`;
}

/** A uuid of 36 characters keeps its first 34. */
function withOtherUser(map: string, mapType: string, { userGroup }: Copy): string {
  const changed = `concat(substring(${map}['${USER_KEY}'], 1, 34), '${userGroup}')`;
  const updated = `mapUpdate(${map}, CAST(map('${USER_KEY}', ${changed}), '${mapType}'))`;
  return `if(mapContains(${map}, '${USER_KEY}'), ${updated}, ${map})`;
}

export type Schema = 'clew' | 'baseline';

export interface CopyTables {
  readonly schema: Schema;
  readonly from: string;
  readonly to: string;
  /** Of `to`, in any order. */
  readonly columns: readonly string[];
}

/** Several copies in one insert: they become one part, which spares merges. */
export function copyStatement(tables: CopyTables, copies: readonly Copy[]): string {
  const names = tables.columns.map((column) => `\`${column}\``).join(', ');
  const selects = copies.map((copy) => selectCopy(tables, copy));
  return `INSERT INTO ${tables.to} (${names}) ${selects.join(' UNION ALL ')}`;
}

function selectCopy({ schema, from, columns }: CopyTables, copy: Copy): string {
  const replacements = schema === 'clew' ? clewReplacements(copy) : baselineReplacements(copy);
  const selected = columns.map((column) => {
    const replaced = replacements[column];
    // Another name than the column's: within one SELECT an alias would be what the other expressions read.
    return replaced === undefined ? `\`${column}\`` : `${replaced} AS \`new ${column}\``;
  });
  const { withoutTraceId } = copy;
  const without =
    withoutTraceId === undefined
      ? ''
      : schema === 'clew'
        ? ` WHERE trace_id != toFixedString(unhex('${withoutTraceId}'), 16)`
        : ` WHERE TraceId != '${withoutTraceId}'`;
  return `SELECT ${selected.join(', ')} FROM ${from}${without}`;
}

/** Rows, and a sum over ids, name, start and duration that is the same for the same spans in both schemas. */
export function checksumStatement(schema: Schema, table: string): string {
  const columns =
    schema === 'clew'
      ? 'lower(hex(trace_id)), lower(hex(span_id)), toString(name), toUnixTimestamp64Nano(start), duration'
      : 'TraceId, SpanId, toString(SpanName), toUnixTimestamp64Nano(Timestamp), toInt64(Duration)';
  return `SELECT toString(count()) AS spans, toString(sum(cityHash64(${columns}))) AS checksum FROM ${table}`;
}
