import type { SpanBatch } from '@clew/model';
import type { Rejections } from './rejections.ts';
import type { TenantContext } from './tenant-context.ts';

/** One step of processing: changes the batch in place and says why it dropped spans. */
export interface ProcessStage {
  readonly name: string;
  process(batch: SpanBatch, rejections: Rejections, context: TenantContext): void;
}

export interface StageCount {
  readonly stage: string;
  readonly spansIn: number;
  readonly spansDropped: number;
}

/** The stages a batch goes through, always in the order given. */
export class Pipeline {
  readonly #stages: readonly ProcessStage[];
  readonly #spansIn: Float64Array;
  readonly #spansDropped: Float64Array;

  constructor(stages: readonly ProcessStage[]) {
    this.#stages = stages;
    this.#spansIn = new Float64Array(stages.length);
    this.#spansDropped = new Float64Array(stages.length);
  }

  process(batch: SpanBatch, rejections: Rejections, context: TenantContext): void {
    for (const [index, stage] of this.#stages.entries()) {
      const before = batch.spanCount;
      if (before === 0) return;
      stage.process(batch, rejections, context);
      this.#spansIn[index] += before;
      this.#spansDropped[index] += before - batch.spanCount;
    }
  }

  /** What each stage has seen since the start. */
  counts(): readonly StageCount[] {
    return this.#stages.map((stage, index) => ({
      stage: stage.name,
      spansIn: this.#spansIn[index],
      spansDropped: this.#spansDropped[index],
    }));
  }
}
