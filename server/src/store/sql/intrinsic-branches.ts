import type { Intrinsic } from '@clew/traceql';
import type { ValueBranch } from './value-branch.ts';

/** Intrinsics of the span itself; those of its trace are in trace-facts.ts. */
export type SpanIntrinsic = Exclude<Intrinsic, 'traceDuration' | 'rootName' | 'rootServiceName'>;

/** No parent: eight zero bytes. */
export const NO_PARENT_SQL = "parent_span_id = toFixedString('', 8)";

export function intrinsicBranch(intrinsic: SpanIntrinsic): ValueBranch {
  switch (intrinsic) {
    case 'name':
      return { type: 'string', label: 'string', value: 'name' };
    case 'duration':
      return { type: 'number', label: 'int', value: 'duration' };
    case 'status':
      return { type: 'status', label: 'keyword', value: 'status' };
    case 'statusMessage':
      return { type: 'string', label: 'string', value: 'status_message' };
    case 'kind':
      return { type: 'kind', label: 'keyword', value: 'kind' };
    case 'trace:id':
      return idBranch('trace_id', 16);
    case 'span:id':
      return idBranch('span_id', 8);
    case 'parent':
    case 'span:parentID':
      return { ...idBranch('parent_span_id', 8), when: `NOT (${NO_PARENT_SQL})` };
    default:
      throw new TypeError(`no SQL for the intrinsic ${intrinsic}: validation should have refused it.`);
  }
}

/** An id as lower-case hex; equality compares bytes, so that the bloom filter over trace ids prunes. */
function idBranch(column: string, byteLength: number): ValueBranch {
  return {
    type: 'string',
    label: 'string',
    value: `lower(hex(${column}))`,
    equals: ({ constant, sql }) => {
      if (typeof constant !== 'string' || !new RegExp(`^[0-9a-f]{${byteLength * 2}}$`).test(constant)) return 'false';
      // All zeros is how a column says "none", never an id.
      if (/^0+$/.test(constant)) return undefined;
      return `${column} = toFixedString(unhex(${sql}), ${byteLength})`;
    },
  };
}
