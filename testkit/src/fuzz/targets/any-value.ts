import { decodeAnyValue } from '@clew/wire/otlp/decode-any-value';
import { DecodeError } from '@clew/wire/otlp/decode-error';
import { encodeAnyValue } from '@clew/wire/otlp/encode-protobuf';
import { generateTraceData } from '../../generate-trace-data.ts';
import { type FuzzTarget, shapeOf } from '../fuzz-target.ts';
import { checkSame } from './check-batch.ts';

/** decodeAnyValue, which reads what the store has kept of arrays, maps and bytes. */
export const anyValueTarget: FuzzTarget = {
  name: 'any-value',
  style: 'protobuf',
  seeds() {
    const { resourceSpans } = generateTraceData({ seed: 4, maxResources: 6, maxSpansPerScope: 1 });
    const values = resourceSpans.flatMap(({ resource }) => resource.attributes.map(({ value }) => value));
    return values.slice(0, 24).map((value, i) => ({ name: `${value.type}-${i}`, bytes: encodeAnyValue(value) }));
  },
  check(input) {
    try {
      const value = decodeAnyValue(input);
      checkSame(decodeAnyValue(encodeAnyValue(value)), value, 'through protobuf');
      return `accepted ${value.type}`;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return `${error.code} ${shapeOf(error.message)}`;
    }
  },
};
