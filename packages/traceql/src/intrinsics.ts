import { SPAN_KINDS, STATUS_CODES } from '@clew/model';
import type { Intrinsic, Static } from './tree.ts';

/** Every spelling of an intrinsic that is understood, to its canonical name. */
export const INTRINSIC_SPELLINGS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['name', 'name'],
  ['duration', 'duration'],
  ['status', 'status'],
  ['statusMessage', 'statusMessage'],
  ['kind', 'kind'],
  ['traceDuration', 'traceDuration'],
  ['rootName', 'rootName'],
  ['rootServiceName', 'rootServiceName'],
  ['span:name', 'name'],
  ['span:duration', 'duration'],
  ['span:status', 'status'],
  ['span:statusMessage', 'statusMessage'],
  ['span:kind', 'kind'],
  ['span:id', 'span:id'],
  ['span:parentID', 'span:parentID'],
  ['trace:duration', 'traceDuration'],
  ['trace:rootName', 'rootName'],
  ['trace:rootService', 'rootServiceName'],
  ['trace:id', 'trace:id'],
  ['parent', 'parent'],
  ['nestedSetLeft', 'nestedSetLeft'],
  ['nestedSetRight', 'nestedSetRight'],
  ['nestedSetParent', 'nestedSetParent'],
  ['span:childCount', 'span:childCount'],
  ['event:name', 'event:name'],
  ['event:timeSinceStart', 'event:timeSinceStart'],
  ['link:traceID', 'link:traceID'],
  ['link:spanID', 'link:spanID'],
  ['instrumentation:name', 'instrumentation:name'],
  ['instrumentation:version', 'instrumentation:version'],
]);

export type IntrinsicType = 'string' | 'int' | 'duration' | 'status' | 'kind';

export const INTRINSIC_TYPES: Readonly<Record<Intrinsic, IntrinsicType>> = {
  name: 'string',
  duration: 'duration',
  status: 'status',
  statusMessage: 'string',
  kind: 'kind',
  traceDuration: 'duration',
  rootName: 'string',
  rootServiceName: 'string',
  'trace:id': 'string',
  'span:id': 'string',
  'span:parentID': 'string',
  parent: 'string',
  nestedSetLeft: 'int',
  nestedSetRight: 'int',
  nestedSetParent: 'int',
  'span:childCount': 'int',
  'event:name': 'string',
  'event:timeSinceStart': 'duration',
  'link:traceID': 'string',
  'link:spanID': 'string',
  'instrumentation:name': 'string',
  'instrumentation:version': 'string',
};

const MAX_INT = 2n ** 63n - 1n;
export const MIN_INT = -(2n ** 63n);

/** Words that are literals. `unspecified` is kind 0; status 0 is `unset`. */
export const STATIC_WORDS: ReadonlyMap<string, Static> = new Map<string, Static>([
  ['true', { type: 'bool', value: true }],
  ['false', { type: 'bool', value: false }],
  ['nil', { type: 'nil' }],
  ['minInt', { type: 'int', value: MIN_INT }],
  ['maxInt', { type: 'int', value: MAX_INT }],
  ...STATUS_CODES.map((word, value): [string, Static] => [word, { type: 'status', value }]),
  ...SPAN_KINDS.map((word, value): [string, Static] => [word, { type: 'kind', value }]),
]);
