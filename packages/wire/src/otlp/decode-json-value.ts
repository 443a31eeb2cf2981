/** AnyValue and KeyValue in OTLP JSON: into attribute records, and nested ones into protobuf bytes. */
import {
  ATTRIBUTE_WORDS,
  TYPE_ARRAY,
  TYPE_BOOL,
  TYPE_BYTES,
  TYPE_DOUBLE,
  TYPE_EMPTY,
  TYPE_INT,
  TYPE_KVLIST,
  TYPE_STRING,
} from '@clew/model';
import { checkRecords, nestedTooDeep } from './decode-limits.ts';
import {
  FIELD_ARRAY_VALUE,
  FIELD_BOOL_VALUE,
  FIELD_BYTES_VALUE,
  FIELD_DOUBLE_VALUE,
  FIELD_INT_VALUE,
  FIELD_KEY,
  FIELD_KVLIST_VALUE,
  FIELD_STRING_VALUE,
  FIELD_VALUE,
  FIELD_VALUES,
} from './json-fields.ts';
import { CLOSE_BRACE, CLOSE_BRACKET, type JsonReader } from './json-reader.ts';

const doubleWords = new DataView(new ArrayBuffer(8));

/** Reads an array of KeyValue to the end of `attributes`; returns how many. */
export function readSpanAttributes(reader: JsonReader, previousKey: number): number {
  if (!reader.enterArray('an array of attributes')) return 0;
  const { batch } = reader;
  const first = batch.attributeCount;
  let key = previousKey;
  do {
    if (batch.attributeCount * ATTRIBUTE_WORDS === batch.attributes.length) {
      checkRecords(batch, reader.limits, reader.position);
    }
    key = readKeyValue(reader, batch.reserveAttributes(), batch.attributeCount * ATTRIBUTE_WORDS, key);
    batch.attributeCount++;
  } while (reader.hasNext(CLOSE_BRACKET));
  return batch.attributeCount - first;
}

/** Reads an array of KeyValue to the end of `nestedAttributes`; returns how many. */
export function readNestedAttributes(reader: JsonReader, previousKey: number): number {
  if (!reader.enterArray('an array of attributes')) return 0;
  const { batch } = reader;
  const first = batch.nestedAttributeCount;
  let key = previousKey;
  do {
    if (batch.nestedAttributeCount * ATTRIBUTE_WORDS === batch.nestedAttributes.length) {
      checkRecords(batch, reader.limits, reader.position);
    }
    key = readKeyValue(reader, batch.reserveNestedAttributes(), batch.nestedAttributeCount * ATTRIBUTE_WORDS, key);
    batch.nestedAttributeCount++;
  } while (reader.hasNext(CLOSE_BRACKET));
  return batch.nestedAttributeCount - first;
}

/** Returns the dictionary id of the key. */
function readKeyValue(reader: JsonReader, table: Int32Array, word: number, previousKey: number): number {
  let key = 0;
  table[word] = TYPE_EMPTY;
  table[word + 1] = 0;
  table[word + 2] = 0;
  table[word + 3] = 0;
  if (!reader.enterObject('an attribute')) return key;
  do {
    const field = reader.readField();
    if (field === FIELD_KEY) {
      const sideEnd = reader.batch.byteCount;
      reader.readTextOrNull();
      key = reader.batch.dictionary.internAfter(previousKey, reader.view, reader.textOffset, reader.textLength);
      reader.batch.byteCount = sideEnd;
    } else if (field === FIELD_VALUE) {
      readValue(reader, table, word);
    } else {
      reader.skipValue();
    }
  } while (reader.hasNext(CLOSE_BRACE));
  table[word] |= key << 4;
  return key;
}

/** An AnyValue to the record at `word`, whose key is not known yet. Of several fields, the last one wins. */
function readValue(reader: JsonReader, table: Int32Array, word: number): void {
  if (!reader.enterObject('an attribute value')) return;
  do {
    const field = reader.readField();
    if (field < FIELD_STRING_VALUE || field > FIELD_BYTES_VALUE) reader.skipValue();
    else if (!reader.tryNull()) readValueField(reader, field, table, word);
  } while (reader.hasNext(CLOSE_BRACE));
}

function readValueField(reader: JsonReader, field: number, table: Int32Array, word: number): void {
  switch (field) {
    case FIELD_STRING_VALUE:
      reader.readText('a string');
      setRecord(table, word, TYPE_STRING, reader.textOffset, reader.textLength);
      break;
    case FIELD_INT_VALUE:
      reader.readInt64(true);
      setRecord(table, word, TYPE_INT, reader.low, reader.high);
      break;
    case FIELD_BOOL_VALUE:
      setRecord(table, word, TYPE_BOOL, reader.readBool() ? 1 : 0, 0);
      break;
    case FIELD_DOUBLE_VALUE:
      doubleWords.setFloat64(0, reader.readDouble(), true);
      setRecord(table, word, TYPE_DOUBLE, doubleWords.getInt32(0, true), doubleWords.getInt32(4, true));
      break;
    case FIELD_BYTES_VALUE:
      readBase64(reader);
      setRecord(table, word, TYPE_BYTES, reader.textOffset, reader.textLength);
      break;
    default: {
      const start = reader.batch.byteCount;
      writeValues(reader, field === FIELD_KVLIST_VALUE, 2);
      const type = field === FIELD_ARRAY_VALUE ? TYPE_ARRAY : TYPE_KVLIST;
      setRecord(table, word, type, start, reader.batch.byteCount - start);
    }
  }
}

function setRecord(table: Int32Array, word: number, type: number, low: number, high: number): void {
  table[word] = type;
  table[word + 1] = low;
  table[word + 2] = high;
}

function readBase64(reader: JsonReader): void {
  reader.peek();
  const start = reader.position;
  reader.readText('base64 text');
  if (reader.decodeBase64() < 0) throw reader.fail('base64 text', start);
}

/** Writes {"values": […]} as the content of an ArrayValue, or of a KeyValueList, to the end of the side area. */
function writeValues(reader: JsonReader, keyed: boolean, depth: number): void {
  if (depth > reader.limits.maxNestingDepth) throw nestedTooDeep(reader.limits, reader.position);
  const { batch } = reader;
  const content = batch.byteCount;
  if (!reader.enterObject('an object with values')) return;
  do {
    if (reader.readField() !== FIELD_VALUES) {
      reader.skipValue();
      continue;
    }
    batch.byteCount = content;
    if (!reader.enterArray('an array of values')) continue;
    do {
      const start = beginMessage(reader, 0x0a);
      if (keyed) writeKeyValue(reader, depth);
      else writeAnyValue(reader, depth);
      endMessage(reader, start);
    } while (reader.hasNext(CLOSE_BRACKET));
  } while (reader.hasNext(CLOSE_BRACE));
}

function writeKeyValue(reader: JsonReader, depth: number): void {
  if (!reader.enterObject('an entry of a map')) return;
  const { batch } = reader;
  // Of the last value that was not empty.
  let valueStart = 0;
  let valueEnd = 0;
  do {
    const field = reader.readField();
    if (field === FIELD_KEY) {
      if (!reader.tryNull()) writeText(reader, 0x0a);
    } else if (field === FIELD_VALUE) {
      let fieldStart = batch.byteCount;
      const start = beginMessage(reader, 0x12);
      writeAnyValue(reader, depth);
      if (batch.byteCount === start) {
        batch.byteCount = fieldStart;
        continue;
      }
      endMessage(reader, start);
      // Two values would be merged by readers of protobuf: of a member sent twice the last one counts.
      if (valueEnd > 0) {
        batch.bytes.copyWithin(valueStart, valueEnd, batch.byteCount);
        batch.byteCount -= valueEnd - valueStart;
        fieldStart -= valueEnd - valueStart;
      }
      valueStart = fieldStart;
      valueEnd = batch.byteCount;
    } else {
      reader.skipValue();
    }
  } while (reader.hasNext(CLOSE_BRACE));
}

/** The content of an AnyValue message. Of several fields, the last one wins. */
function writeAnyValue(reader: JsonReader, depth: number): void {
  const { batch } = reader;
  if (!reader.enterObject('a value')) return;
  const content = batch.byteCount;
  do {
    const field = reader.readField();
    if (field < FIELD_STRING_VALUE || field > FIELD_BYTES_VALUE) {
      reader.skipValue();
    } else if (!reader.tryNull()) {
      batch.byteCount = content;
      writeValueField(reader, field, depth);
    }
  } while (reader.hasNext(CLOSE_BRACE));
}

function writeValueField(reader: JsonReader, field: number, depth: number): void {
  switch (field) {
    case FIELD_STRING_VALUE:
      writeText(reader, 0x0a);
      break;
    case FIELD_BYTES_VALUE:
      readBase64(reader);
      prependHeader(reader, 0x3a);
      break;
    case FIELD_BOOL_VALUE: {
      const value = reader.readBool();
      writeByte(reader, 0x10);
      writeByte(reader, value ? 1 : 0);
      break;
    }
    case FIELD_INT_VALUE:
      reader.readInt64(true);
      writeByte(reader, 0x18);
      writeVarint64(reader, reader.low, reader.high);
      break;
    case FIELD_DOUBLE_VALUE: {
      const value = reader.readDouble();
      writeByte(reader, 0x21);
      reader.reserve(8);
      reader.view.setFloat64(reader.batch.byteCount, value, true);
      reader.batch.byteCount += 8;
      break;
    }
    default: {
      const keyed = field === FIELD_KVLIST_VALUE;
      const start = beginMessage(reader, keyed ? 0x32 : 0x2a);
      writeValues(reader, keyed, depth + 1);
      endMessage(reader, start);
    }
  }
}

/** Reads a string and writes it as a length-delimited field. */
function writeText(reader: JsonReader, tag: number): void {
  const { batch } = reader;
  const tail = batch.byteCount;
  reader.readText('a string');
  if (reader.textOffset >= tail) {
    prependHeader(reader, tag);
    return;
  }
  writeByte(reader, tag);
  writeVarint64(reader, reader.textLength, 0);
  reader.reserve(reader.textLength);
  batch.bytes.copyWithin(batch.byteCount, reader.textOffset, reader.textOffset + reader.textLength);
  batch.byteCount += reader.textLength;
}

/** Puts tag and length before the text just unescaped or decoded to the end of the side area. */
function prependHeader(reader: JsonReader, tag: number): void {
  const { batch, textOffset, textLength } = reader;
  const header = 1 + varintSize(textLength);
  reader.reserve(header);
  batch.bytes.copyWithin(textOffset + header, textOffset, textOffset + textLength);
  batch.byteCount = textOffset;
  writeByte(reader, tag);
  writeVarint64(reader, textLength, 0);
  batch.byteCount = textOffset + header + textLength;
}

/** Starts a message of unknown length; give the result to `endMessage`. */
function beginMessage(reader: JsonReader, tag: number): number {
  writeByte(reader, tag);
  writeByte(reader, 0);
  return reader.batch.byteCount;
}

/** Moves the content up when its length needs more than one byte. Each level of nesting moves it at most once. */
function endMessage(reader: JsonReader, start: number): void {
  const { batch } = reader;
  const length = batch.byteCount - start;
  const extra = varintSize(length) - 1;
  if (extra > 0) {
    reader.reserve(extra);
    batch.bytes.copyWithin(start + extra, start, batch.byteCount);
  }
  batch.byteCount = start - 1;
  writeVarint64(reader, length, 0);
  batch.byteCount = start + extra + length;
}

function varintSize(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5;
}

function writeByte(reader: JsonReader, byte: number): void {
  reader.reserve(1);
  reader.bytes[reader.batch.byteCount++] = byte;
}

function writeVarint64(reader: JsonReader, low: number, high: number): void {
  reader.reserve(10);
  const { bytes, batch } = reader;
  let lower = low;
  let upper = high;
  while (upper !== 0 || lower >>> 0 > 127) {
    bytes[batch.byteCount++] = (lower & 127) | 128;
    lower = (lower >>> 7) | (upper << 25);
    upper >>>= 7;
  }
  bytes[batch.byteCount++] = lower;
}
