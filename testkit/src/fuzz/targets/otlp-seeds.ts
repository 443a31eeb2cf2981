/** OTLP requests to begin with: of a shop, of every shape, and hand-made ones. */

import type { TraceData } from '@clew/model';
import { writeOtlpJson } from '@clew/wire/otlp/encode-json';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { generateRealisticTraces } from '../../generate-realistic-traces.ts';
import { generateTraceData } from '../../generate-trace-data.ts';
import { type CorpusInput, utf8 } from '../fuzz-target.ts';

const SHAPES = [1, 2, 3, 7, 11, 12, 13, 21] as const;

function samples(): { name: string; data: TraceData }[] {
  return [
    { name: 'shop', data: generateRealisticTraces({ seed: 1, traces: 1, maxSpansPerTrace: 3, resources: 1 }) },
    ...SHAPES.map((seed) => ({
      name: `shape-${seed}`,
      data: generateTraceData({ seed, maxResources: 1, maxSpansPerScope: 1, maxValueDepth: 2, duplicateKeys: true }),
    })),
  ];
}

const HEX_SEEDS: readonly (readonly [string, string])[] = [
  ['empty', ''],
  ['empty-resource', '0a00'],
  ['two-resources-in-one', '0a10 0a06 0a04 0a016b 1200 0a06 0a04 0a016c 1200'],
  ['old-scope-spans', '0a07 c23e04 12022a00'],
  ['array-in-parts', '0a18 1216 1214 4a12 0a0161 120d 2a05 0a03 0a0178 2a04 0a02 1801'],
  ['group', '0b0c'],
  ['long-varints', '0a16 1214 1212 3081808080808080808000 5080808000 7000'],
  ['every-value', '0a1e 121c 121a 4a04 0a00 1200 4a04 1202 1000 4a0b 1209 21 000000000000f07f 4a00'],
];

export function otlpProtobufSeeds(): CorpusInput[] {
  return [
    ...samples().map(({ name, data }) => ({ name, bytes: encodeOtlpProtobuf(data) })),
    ...HEX_SEEDS.map(([name, hex]) => ({ name, bytes: Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex')) })),
  ];
}

const SPAN_IDS = '"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174"';
const inSpan = (members: string): string =>
  `{"resourceSpans":[{"scopeSpans":[{"spans":[{${SPAN_IDS},"name":"a"${members === '' ? '' : ','}${members}}]}]}]}`;
const attribute = (value: string): string => inSpan(`"attributes":[{"key":"k","value":${value}}]`);

const JSON_SEEDS: readonly (readonly [string, string])[] = [
  ['empty', '{}'],
  ['null', ' null '],
  ['mark', '\ufeff{"resourceSpans":null}'],
  [
    'snake-case',
    '{"resource_spans":[{"scope_spans":[{"spans":[{"trace_id":"W47/95gDgQPSabYzgT/GDA==","kind":"SERVER"}]}]}]}',
  ],
  [
    'before-0.16',
    '{"resourceSpans":[{"instrumentationLibrarySpans":[{"instrumentationLibrary":{"name":"x"},"spans":[{}]}]}]}',
  ],
  ['times', inSpan('"startTimeUnixNano":"18446744073709551615","endTimeUnixNano":1.5e18')],
  [
    'escapes',
    inSpan('"traceState":"\\u0041\\ud83d\\ude00\\ud800\\n\\/","status":{"code":"STATUS_CODE_ERROR","message":"\\""}'),
  ],
  ['int', attribute('{"intValue":"-9223372036854775808"}')],
  ['double', attribute('{"doubleValue":"-Infinity"}')],
  ['bytes', attribute('{"bytesValue":"_-8="}')],
  [
    'array',
    attribute(
      '{"arrayValue":{"values":[{"stringValue":"\\u00e9"},null,{},{"arrayValue":{"values":[]}},{"boolValue":"true"}]}}',
    ),
  ],
  [
    'map',
    attribute(
      '{"kvlistValue":{"values":[{"key":"a","value":{"doubleValue":0.1}},{"key":null},{"value":{"bytesValue":"QQ=="}}]}}',
    ),
  ],
  ['unknown', inSpan('"unknown":{"a":[1,-0.5e+3,true,null,{"b":"\\\\"}]}')],
];

export function otlpJsonSeeds(): CorpusInput[] {
  return [
    ...samples().map(({ name, data }) => ({ name, bytes: writeOtlpJson(data) })),
    ...JSON_SEEDS.map(([name, text]) => ({ name: `by-hand-${name}`, bytes: utf8(text) })),
  ];
}
