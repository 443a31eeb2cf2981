import type { AttributeValue } from '@clew/model';
import { base64 } from '../otlp/encode-json.ts';

/**
 * An attribute's value as the text that dialects without types carry: OpenTelemetry common specification,
 * "Representing AnyValue for non-OTLP protocols": lists and maps as JSON, bytes in base64.
 */
export function plainText(value: AttributeValue): string {
  if (value.type === 'string') return value.value;
  if (value.type === 'array' || value.type === 'kvlist') return JSON.stringify(plainValue(value));
  return String(plainValue(value));
}

/** For JSON. Integers beyond 2⁵³ and doubles that are no numbers become text, which JSON would lose. */
export function plainValue(value: AttributeValue): unknown {
  switch (value.type) {
    case 'string':
    case 'bool':
      return value.value;
    case 'int':
      return Number.isSafeInteger(Number(value.value)) ? Number(value.value) : String(value.value);
    case 'double':
      return Number.isFinite(value.value) ? value.value : String(value.value);
    case 'array':
      return value.value.map(plainValue);
    case 'kvlist':
      return Object.fromEntries(value.value.map((entry) => [entry.key, plainValue(entry.value)]));
    case 'bytes':
      return base64(value.value);
    case 'empty':
      return '';
  }
}
