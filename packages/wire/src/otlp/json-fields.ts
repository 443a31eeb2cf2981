/**
 * Names of OTLP JSON fields to small numbers without making strings. The specification allows lowerCamelCase only;
 * senders with a snake_case encoder exist (protocols: OTLP/JSON in the field), so both are understood.
 */

export const FIELD_UNKNOWN = 0;
export const FIELD_RESOURCE_SPANS = 1;
export const FIELD_RESOURCE = 2;
export const FIELD_SCOPE_SPANS = 3;
export const FIELD_SCOPE = 4;
export const FIELD_SPANS = 5;
export const FIELD_SCHEMA_URL = 6;
export const FIELD_ATTRIBUTES = 7;
export const FIELD_DROPPED_ATTRIBUTES_COUNT = 8;
export const FIELD_NAME = 9;
export const FIELD_VERSION = 10;
export const FIELD_TRACE_ID = 11;
export const FIELD_SPAN_ID = 12;
export const FIELD_TRACE_STATE = 13;
export const FIELD_PARENT_SPAN_ID = 14;
export const FIELD_FLAGS = 15;
export const FIELD_KIND = 16;
export const FIELD_START_TIME_UNIX_NANO = 17;
export const FIELD_END_TIME_UNIX_NANO = 18;
export const FIELD_EVENTS = 19;
export const FIELD_DROPPED_EVENTS_COUNT = 20;
export const FIELD_LINKS = 21;
export const FIELD_DROPPED_LINKS_COUNT = 22;
export const FIELD_STATUS = 23;
export const FIELD_TIME_UNIX_NANO = 24;
export const FIELD_MESSAGE = 25;
export const FIELD_CODE = 26;
export const FIELD_KEY = 27;
export const FIELD_VALUE = 28;
export const FIELD_STRING_VALUE = 29;
export const FIELD_BOOL_VALUE = 30;
export const FIELD_INT_VALUE = 31;
export const FIELD_DOUBLE_VALUE = 32;
export const FIELD_ARRAY_VALUE = 33;
export const FIELD_KVLIST_VALUE = 34;
export const FIELD_BYTES_VALUE = 35;
export const FIELD_VALUES = 36;

const NAMES: readonly (readonly [number, string])[] = [
  [FIELD_RESOURCE_SPANS, 'resourceSpans'],
  [FIELD_RESOURCE, 'resource'],
  [FIELD_SCOPE_SPANS, 'scopeSpans'],
  // Before OTLP 0.16.
  [FIELD_SCOPE_SPANS, 'instrumentationLibrarySpans'],
  [FIELD_SCOPE, 'scope'],
  [FIELD_SCOPE, 'instrumentationLibrary'],
  [FIELD_SPANS, 'spans'],
  [FIELD_SCHEMA_URL, 'schemaUrl'],
  [FIELD_ATTRIBUTES, 'attributes'],
  [FIELD_DROPPED_ATTRIBUTES_COUNT, 'droppedAttributesCount'],
  [FIELD_NAME, 'name'],
  [FIELD_VERSION, 'version'],
  [FIELD_TRACE_ID, 'traceId'],
  [FIELD_SPAN_ID, 'spanId'],
  [FIELD_TRACE_STATE, 'traceState'],
  [FIELD_PARENT_SPAN_ID, 'parentSpanId'],
  [FIELD_FLAGS, 'flags'],
  [FIELD_KIND, 'kind'],
  [FIELD_START_TIME_UNIX_NANO, 'startTimeUnixNano'],
  [FIELD_END_TIME_UNIX_NANO, 'endTimeUnixNano'],
  [FIELD_EVENTS, 'events'],
  [FIELD_DROPPED_EVENTS_COUNT, 'droppedEventsCount'],
  [FIELD_LINKS, 'links'],
  [FIELD_DROPPED_LINKS_COUNT, 'droppedLinksCount'],
  [FIELD_STATUS, 'status'],
  [FIELD_TIME_UNIX_NANO, 'timeUnixNano'],
  [FIELD_MESSAGE, 'message'],
  [FIELD_CODE, 'code'],
  [FIELD_KEY, 'key'],
  [FIELD_VALUE, 'value'],
  [FIELD_STRING_VALUE, 'stringValue'],
  [FIELD_BOOL_VALUE, 'boolValue'],
  [FIELD_INT_VALUE, 'intValue'],
  [FIELD_DOUBLE_VALUE, 'doubleValue'],
  [FIELD_ARRAY_VALUE, 'arrayValue'],
  [FIELD_KVLIST_VALUE, 'kvlistValue'],
  [FIELD_BYTES_VALUE, 'bytesValue'],
  [FIELD_VALUES, 'values'],
];

const SLOTS = 512;
/** Longest name the words of a slot can hold. */
const NAME_WORDS = 8;
const fieldOfSlot = new Uint8Array(SLOTS);
const lengthOfSlot = new Uint8Array(SLOTS);
const wordsOfSlot = new Int32Array(SLOTS * NAME_WORDS);

for (const [field, name] of NAMES) {
  addName(field, name);
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (snake !== name) addName(field, snake);
}

function addName(field: number, name: string): void {
  const view = new DataView(new ArrayBuffer(NAME_WORDS * 4));
  for (let i = 0; i < name.length; i++) view.setUint8(i, name.charCodeAt(i));
  let slot = slotOf(view.getUint8(0), view.getUint8(name.length - 1), name.length);
  while (fieldOfSlot[slot] !== 0) slot = (slot + 1) % SLOTS;
  fieldOfSlot[slot] = field;
  lengthOfSlot[slot] = name.length;
  for (let word = 0; word < NAME_WORDS; word++) wordsOfSlot[slot * NAME_WORDS + word] = view.getInt32(word * 4, true);
}

function slotOf(first: number, last: number, length: number): number {
  return (first * 37 + last * 5 + length * 83) & (SLOTS - 1);
}

/** The FIELD_… number of `length` bytes at `offset`, which must be readable 4 bytes past the end. */
export function fieldOf(bytes: Uint8Array, view: DataView, offset: number, length: number): number {
  if (length === 0 || length > NAME_WORDS * 4) return FIELD_UNKNOWN;
  let slot = slotOf(bytes[offset], bytes[offset + length - 1], length);
  for (;;) {
    const field = fieldOfSlot[slot];
    if (field === 0) return FIELD_UNKNOWN;
    if (lengthOfSlot[slot] === length && isName(view, offset, length, slot * NAME_WORDS)) return field;
    slot = (slot + 1) & (SLOTS - 1);
  }
}

function isName(view: DataView, offset: number, length: number, firstWord: number): boolean {
  let word = firstWord;
  let p = offset;
  const last = offset + length - 4;
  for (; p <= last; p += 4) if (view.getInt32(p, true) !== wordsOfSlot[word++]) return false;
  const rest = last + 4 - p;
  return rest === 0 || (view.getInt32(p, true) ^ wordsOfSlot[word]) << (32 - (rest << 3)) === 0;
}
