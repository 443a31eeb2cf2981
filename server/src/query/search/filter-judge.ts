import type { FoundTrace } from '@clew/contract';
import type { FieldExpression, FieldReference } from '@clew/traceql';
import type { FilterMatch, SpanSearch, TimeRange, TracePosition } from '../../store/span-store.ts';
import { foundStoredSpan, foundSummary } from './found-span.ts';
import type { Judge, Judgement } from './judge.ts';

export interface FilterJudgeRequest {
  readonly search: SpanSearch;
  readonly filter: FieldExpression;
  readonly range: TimeRange;
  readonly spansPerTrace: number;
  /** Shown of each span; SQL can say them. */
  readonly fields: readonly FieldReference[];
}

/** One filter that SQL can say: the engine alone decides, and has everything that is shown in the same statement. */
export class FilterJudge implements Judge<FilterMatch> {
  readonly #request: FilterJudgeRequest;

  constructor(request: FilterJudgeRequest) {
    this.#request = request;
  }

  async decide(candidates: readonly TracePosition[]): Promise<Judgement<FilterMatch>> {
    const { search, filter, range, spansPerTrace, fields } = this.#request;
    try {
      const traceIds = candidates.map(({ traceId }) => traceId);
      const matches = await search.filterMatches({ filter, range, traceIds, spansPerTrace, shown: fields });
      const findings = [...matches.values()];
      const spansInspected = findings.reduce((sum, { summary }) => sum + summary.spanCount, 0);
      return { findings, decided: candidates.length, spansInspected };
    } catch (error) {
      const stoppedBy = search.limitReason(error);
      if (stoppedBy === undefined) throw error;
      return { findings: [], decided: 0, spansInspected: 0, stoppedBy };
    }
  }

  async show(findings: readonly FilterMatch[]): Promise<readonly FoundTrace[]> {
    return findings.map(({ summary, matchedCount, matched }) => {
      const spans = matched.map((span) => foundStoredSpan(span, this.#request.fields));
      return {
        ...foundSummary(summary),
        matchedCount,
        matched: spans,
        spansets: [{ attributes: [], matchedCount, spans }],
      };
    });
  }
}
