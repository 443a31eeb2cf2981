import type { FoundTrace } from '@clew/contract';
import type { TracePosition } from '../../store/span-store.ts';

/** What a judge says of some candidates. */
export interface Judgement<F extends TracePosition> {
  /** Those of them that the query finds, in any order, each by its newest found span. */
  readonly findings: readonly F[];
  /** How many of the candidates, from the first, have been decided; all of them unless a limit was reached. */
  readonly decided: number;
  readonly spansInspected: number;
  /** The limit that stopped it. */
  readonly stoppedBy?: string;
  /** What was passed over because of a limit. */
  readonly leftOut?: string;
}

/** Decides which candidate traces a query finds; one for each way to decide. */
export interface Judge<F extends TracePosition = TracePosition> {
  decide(candidates: readonly TracePosition[]): Promise<Judgement<F>>;
  /** What an answer shows of these, in their order; a trace that has been dropped since is left out. */
  show(findings: readonly F[]): Promise<readonly FoundTrace[]>;
}
