/**
 * Columns of events and links as they were up to schema step 8, by name. Blocks of those days, from a journal or a
 * program that is still running, have them: they are EPHEMERAL columns now, which an insert has to name.
 *
 * All of this file is in statements of steps 8 and 9: once they have been released it is never changed.
 */
export const SEPARATE_COLUMNS: Readonly<Record<string, string>> = {
  event_time: 'Array(DateTime64(9))',
  event_name: 'Array(String)',
  event_dropped_attributes_count: 'Array(UInt32)',
  event_attributes: 'Array(Map(String, String))',
  link_trace_id: 'Array(FixedString(16))',
  link_span_id: 'Array(FixedString(8))',
  link_trace_state: 'Array(String)',
  link_flags: 'Array(UInt32)',
  link_dropped_attributes_count: 'Array(UInt32)',
  link_attributes: 'Array(Map(String, String))',
};

const UINT32 = (value: string): string => `toFixedString(reinterpretAsString(${value}), 4)`;
const TIME = 'toFixedString(reinterpretAsString(toUnixTimestamp64Nano(time)), 8)';
const EVENT_VALUES = `arrayMap((time, dropped, attributes) ->
        arrayConcat([concat('0', ${TIME}, ${UINT32('dropped')})], mapValues(attributes)),
        event_time, event_dropped_attributes_count, event_attributes)`;
const LINK_VALUES = `arrayMap((trace, span, state, flags, dropped, attributes) ->
        arrayConcat([concat('1', trace, span, ${UINT32('flags')}, ${UINT32('dropped')}, state)],
          arrayMap(value -> concat(upper(substring(value, 1, 1)), substring(value, 2)), mapValues(attributes))),
        link_trace_id, link_span_id, link_trace_state, link_flags, link_dropped_attributes_count, link_attributes)`;

/** The column events_and_links of a row that has the separate columns: encode/event-link-column.ts. */
export const EVENTS_AND_LINKS_OF_SEPARATE_SQL = `mapFromArrays(
    arrayConcat(
      arrayFlatten(arrayMap((name, attributes) -> arrayConcat([name], mapKeys(attributes)), event_name, event_attributes)),
      arrayFlatten(arrayMap(attributes -> arrayConcat([''], mapKeys(attributes)), link_attributes))),
    arrayConcat(
      arrayFlatten(${EVENT_VALUES}),
      arrayFlatten(${LINK_VALUES})))`;

const ENTRIES = "CAST(events_and_links, 'Array(Tuple(String, String))')";
const EVENT_ENTRIES = `arraySplit(entry -> startsWith(entry.2, '0'),
      arrayFilter(entry -> startsWith(entry.2, '0') OR entry.2 >= 'a', ${ENTRIES}))`;
const LINK_ENTRIES = `arraySplit(entry -> startsWith(entry.2, '1'),
      arrayFilter(entry -> startsWith(entry.2, '1') OR (entry.2 >= 'A' AND entry.2 < 'a'), ${ENTRIES}))`;

/** For statements by hand: definitions of the columns `events` and `links`, worked out when they are read. */
export const EVENTS_ALIAS = `events Array(Tuple(time DateTime64(9), name String, dropped_attributes_count UInt32,
      attributes Map(String, String))) ALIAS arrayMap(entries -> (
        fromUnixTimestamp64Nano(reinterpretAsInt64(substring(entries[1].2, 2, 8))), entries[1].1,
        reinterpretAsUInt32(substring(entries[1].2, 10, 4)),
        CAST(arrayPopFront(entries), 'Map(String, String)')), ${EVENT_ENTRIES})`;
export const LINKS_ALIAS = `links Array(Tuple(trace_id FixedString(16), span_id FixedString(8), trace_state String,
      flags UInt32, dropped_attributes_count UInt32, attributes Map(String, String))) ALIAS arrayMap(entries -> (
        toFixedString(substring(entries[1].2, 2, 16), 16), toFixedString(substring(entries[1].2, 18, 8), 8),
        substring(entries[1].2, 34), reinterpretAsUInt32(substring(entries[1].2, 26, 4)),
        reinterpretAsUInt32(substring(entries[1].2, 30, 4)),
        CAST(arrayMap(entry -> (entry.1, concat(lower(substring(entry.2, 1, 1)), substring(entry.2, 2))),
          arrayPopFront(entries)), 'Map(String, String)')), ${LINK_ENTRIES})`;
