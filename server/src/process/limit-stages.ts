import { AdmittedNames } from './admitted-names.ts';
import { AttributeLimits } from './attribute-limits.ts';
import type { LimitCounts } from './limit-counts.ts';
import type { ProcessStage } from './pipeline.ts';
import { SharedNames } from './shared-names.ts';
import { SpanNameLimit } from './span-name-limit.ts';
import { SpansPerTrace } from './spans-per-trace.ts';
import { TraceCounts } from './trace-counts.ts';

/** Memory in which all workers count together. */
export interface LimitMemory {
  readonly traces: SharedArrayBuffer;
  readonly names: SharedArrayBuffer;
  readonly seed: number;
}

export function createLimitMemory(): LimitMemory {
  return {
    traces: new SharedArrayBuffer(TraceCounts.byteLength),
    names: new SharedArrayBuffer(SharedNames.byteLength),
    seed: (Math.random() * 0x7fffffff) | 0,
  };
}

/** The limits in their order. What they cost is added to `hits`. */
export function createLimitStages(memory: LimitMemory, hits: LimitCounts): readonly ProcessStage[] {
  const names = new SharedNames(memory.names);
  return [
    new SpansPerTrace(new TraceCounts(memory.traces), hits, memory.seed),
    new AttributeLimits(new AdmittedNames(names, memory.seed), hits),
    new SpanNameLimit(new AdmittedNames(names, memory.seed), hits),
  ];
}
