import { type RunFigures, runFigures } from './run-figures.ts';
import type { TraceModel } from './trace-model.ts';

/** Runs whose figures are kept: many screens full. */
const MAX_KEPT = 2_000;

/** Figures of the runs that have been seen. */
export class RunFiguresMemory {
  readonly #trace: TraceModel;
  readonly #kept = new Map<number, RunFigures>();

  constructor(trace: TraceModel) {
    this.#trace = trace;
  }

  of(run: number): RunFigures {
    const kept = this.#kept.get(run);
    if (kept !== undefined) return kept;
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
    const { columns, subtreeEnd, runs } = this.#trace;
    const figures = runFigures(columns, subtreeEnd, runs, run);
    this.#kept.set(run, figures);
    return figures;
  }
}
