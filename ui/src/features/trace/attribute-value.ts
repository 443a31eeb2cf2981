import type { OtlpJsonAttribute, OtlpJsonValue } from '@clew/contract';
import { type AttributeScope, printAttribute, printStatic, type Static } from '@clew/traceql';

const MAX_INT = 2n ** 63n - 1n;

/** An attribute's value as people read it; lists and maps as JSON. */
export function valueText(value: OtlpJsonValue): string {
  const plain = plainValue(value);
  return typeof plain === 'string' ? plain : JSON.stringify(plain, undefined, 1).replace(/\n\s*/g, ' ');
}

/** OTLP's wrapped values without the wrapping. 64-bit integers and non-finite doubles stay text. */
function plainValue(value: OtlpJsonValue): unknown {
  if ('stringValue' in value) return value.stringValue;
  if ('boolValue' in value) return value.boolValue;
  if ('intValue' in value)
    return Number.isSafeInteger(Number(value.intValue)) ? Number(value.intValue) : value.intValue;
  if ('doubleValue' in value) return value.doubleValue;
  if ('bytesValue' in value) return value.bytesValue;
  if ('arrayValue' in value) return value.arrayValue.values.map(plainValue);
  if ('kvlistValue' in value) {
    return Object.fromEntries(value.kvlistValue.values.map((entry) => [entry.key, plainValue(entry.value)]));
  }
  return '';
}

/** The kind of value, for a hint beside it; empty for text, which needs none. */
export function valueType(value: OtlpJsonValue): string {
  if ('boolValue' in value) return 'bool';
  if ('intValue' in value) return 'int';
  if ('doubleValue' in value) return 'double';
  if ('bytesValue' in value) return 'bytes';
  if ('arrayValue' in value) return 'array';
  if ('kvlistValue' in value) return 'map';
  return '';
}

/** A query for spans with (or with another than) this attribute's value; undefined when TraceQL has no literal for it. */
export function queryForAttribute(
  scope: AttributeScope,
  attribute: OtlpJsonAttribute,
  operator: '=' | '!=' = '=',
): string | undefined {
  const literal = literalOf(attribute.value);
  if (literal === undefined) return undefined;
  return `{ ${printAttribute(scope, attribute.key)} ${operator} ${printStatic(literal)} }`;
}

function literalOf(value: OtlpJsonValue): Static | undefined {
  if ('stringValue' in value) return { type: 'string', value: value.stringValue };
  if ('boolValue' in value) return { type: 'bool', value: value.boolValue };
  if ('intValue' in value) {
    const int = BigInt(value.intValue);
    return int <= MAX_INT ? { type: 'int', value: int } : undefined;
  }
  if ('doubleValue' in value && typeof value.doubleValue === 'number') {
    return { type: 'float', value: value.doubleValue };
  }
  return undefined;
}
