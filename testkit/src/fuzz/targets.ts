import type { FuzzTarget } from './fuzz-target.ts';
import { otlpJsonTarget } from './targets/otlp-json.ts';
import { otlpProtobufTarget } from './targets/otlp-protobuf.ts';

/** Every entry of Clew that takes bytes from others. */
export async function fuzzTargets(): Promise<readonly FuzzTarget[]> {
  return [otlpProtobufTarget(), otlpJsonTarget()];
}
