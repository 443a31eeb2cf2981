import { attributeText, type PlainValue } from '@clew/traceql/evaluate/plain-value';
import { decodeAnyValue } from '@clew/wire/otlp/decode-any-value';

/** A tagged value of group-key.ts. */
export function readLabel(tagged: string): PlainValue {
  const text = tagged.slice(1);
  switch (tagged[0]) {
    case undefined:
      return { type: 'nil' };
    case 's':
      return { type: 'string', value: text };
    case 'i':
      return { type: 'int', value: BigInt(text) };
    case 'd':
      return { type: 'float', value: readDouble(text) };
    case 'b':
      return { type: 'bool', value: text === '1' };
    case 'D':
      return { type: 'duration', value: BigInt(text) };
    case 'S':
      return { type: 'status', value: Number(text) };
    case 'K':
      return { type: 'kind', value: Number(text) };
    case 'o':
      return { type: 'other', value: attributeText(decodeAnyValue(Buffer.from(text, 'hex'))) };
    default:
      throw new TypeError(`value of a group: unknown tag in '${tagged.slice(0, 20)}'.`);
  }
}

function readDouble(text: string): number {
  if (text === 'inf') return Number.POSITIVE_INFINITY;
  return text === '-inf' ? Number.NEGATIVE_INFINITY : Number(text);
}
