import type { TraceId } from '@clew/model';
import type { TimeRange } from '../span-store.ts';
import type { AttributeTypes } from './attribute-types.ts';
import type { TenantScope } from './tenant-scope.ts';

/** What a filter or a value is compiled for. */
export interface CompileContext {
  /** Of the statement that the SQL becomes part of. */
  readonly scope: TenantScope;
  /** The spans of the statement start in it: bounds the look-ups of their traces. */
  readonly range: TimeRange;
  /** Where the statement is about a few known traces only. */
  readonly traceIds?: readonly TraceId[];
  /** How the attributes are stored; left out, everywhere is looked. */
  readonly types?: AttributeTypes;
  /**
   * It was compiled for no statement before, to see whether SQL says it. Names of parameters are longer in a statement
   * with many of them: it may be a little longer than it was then.
   */
  readonly isDecided?: true;
}
