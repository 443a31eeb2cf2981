import { parseSpanId, parseTraceId } from '@clew/model';
import type { Intrinsic } from './tree.ts';

/** The id that a text compared with an intrinsic stands for: people drop leading zeros and write capitals. Undefined for what is no id. */
export function wholeId(intrinsic: Intrinsic, text: string): string | undefined {
  switch (intrinsic) {
    case 'trace:id':
    case 'link:traceID':
      return parseTraceId(text);
    case 'span:id':
    case 'span:parentID':
    case 'link:spanID':
      return parseSpanId(text);
    default:
      return undefined;
  }
}
