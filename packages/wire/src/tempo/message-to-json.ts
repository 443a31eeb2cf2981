import type { AttributeValue } from '@clew/model';
import { attributeValueToJson } from '../otlp/encode-json.ts';
import type { FieldType, MessageShape } from './message-shape.ts';

type Json = string | number | boolean | object;

/**
 * ProtoJSON as the Go library jsonpb writes and strictly reads it: zero fields left out, 64-bit numbers as text, enums
 * by name, bytes in base64.
 */
export function messageToJson(shape: MessageShape, message: object): Record<string, Json> {
  const json: Record<string, Json> = {};
  for (const [name, field] of Object.entries(shape.fields)) {
    const value: unknown = Reflect.get(message, name);
    if (value === undefined) continue;
    if (field.repeated === true) {
      const list = value as readonly unknown[];
      if (list.length > 0) json[name] = list.map((element) => valueToJson(field.type, element));
    } else if (!isZero(value)) {
      json[name] = valueToJson(field.type, value);
    }
  }
  return json;
}

function isZero(value: unknown): boolean {
  if (value instanceof Map) return value.size === 0;
  return value === '' || value === false || value === 0n || Object.is(value, 0);
}

function valueToJson(type: FieldType, value: unknown): Json {
  if (typeof type === 'object') {
    if ('fields' in type) return messageToJson(type, value as object);
    if ('names' in type) return type.names[value as number] ?? (value as number);
    const { valuesOf } = type;
    const entries = [...(value as ReadonlyMap<string, unknown>)];
    return Object.fromEntries(entries.map(([key, entry]) => [key, valueToJson(valuesOf, entry)]));
  }
  switch (type) {
    case 'uint64':
    case 'int64':
      return String(value);
    case 'double':
      return doubleToJson(value as number);
    case 'bytes':
      return base64(value as Uint8Array);
    case 'any-value':
      return attributeValueToJson(value as AttributeValue);
    default:
      return value as Json;
  }
}

function doubleToJson(value: number): number | string {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
