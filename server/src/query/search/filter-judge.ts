import type { FoundAttribute, FoundSpan, FoundTrace } from '@clew/contract';
import { durationNano, type SpanId, type TraceId } from '@clew/model';
import { buildQuery, buildStatic, type FieldExpression, type FieldReference } from '@clew/traceql';
import { prepareQuery } from '@clew/traceql/evaluate';
import type { FilterMatch, MatchedSpan, SpanSearch, TimeRange, TracePosition } from '../../store/span-store.ts';
import { foundAttribute, foundStoredSpan, foundSummary } from './found-span.ts';
import type { Judge, Judgement } from './judge.ts';

export interface FilterJudgeRequest {
  readonly search: SpanSearch;
  readonly filter: FieldExpression;
  readonly range: TimeRange;
  readonly spansPerTrace: number;
  /** Attributes of the span itself or of what it came from. */
  readonly fields: readonly FieldReference[];
}

/** One filter that SQL can say: the engine alone decides, and has everything that is shown in the same statement. */
export class FilterJudge implements Judge<FilterMatch> {
  readonly #request: FilterJudgeRequest;

  constructor(request: FilterJudgeRequest) {
    this.#request = request;
  }

  async decide(candidates: readonly TracePosition[]): Promise<Judgement<FilterMatch>> {
    const { search, filter, range, spansPerTrace } = this.#request;
    try {
      const traceIds = candidates.map(({ traceId }) => traceId);
      const matches = await search.filterMatches({ filter, range, traceIds, spansPerTrace });
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
    const attributes = await this.#attributesOf(findings.flatMap(({ matched }) => matched));
    return findings.map((finding) => {
      const { matchedCount } = finding;
      const spans = finding.matched.map((span): FoundSpan => {
        return foundStoredSpan(span, attributes.get(identity(span.traceId, span)) ?? []);
      });
      const spansets = [{ attributes: [], matchedCount, spans }];
      return { ...foundSummary(finding.summary), matchedCount, matched: spans, spansets };
    });
  }

  /** By `identity`. */
  async #attributesOf(spans: readonly MatchedSpan[]): Promise<ReadonlyMap<string, readonly FoundAttribute[]>> {
    const { search, fields } = this.#request;
    const found = new Map<string, readonly FoundAttribute[]>();
    if (fields.length === 0 || spans.length === 0) return found;
    const spanIds = new Map<TraceId, SpanId[]>();
    for (const { traceId, spanId } of spans) spanIds.set(traceId, [...(spanIds.get(traceId) ?? []), spanId]);
    for (const [traceId, data] of await search.spans(spanIds)) {
      for (const { spansets } of everySpan(data, { show: fields })) {
        for (const { span, selected } of spansets.flatMap((set) => set.spans)) {
          const durationOf = { ...span, startUnixNano: span.startTimeUnixNano, durationNano: durationNano(span) };
          found.set(identity(traceId, durationOf), selected.map(foundAttribute));
        }
      }
    }
    return found;
  }
}

/** Tells stored spans apart, also where several have one id. */
function identity(
  traceId: TraceId,
  span: Pick<MatchedSpan, 'spanId' | 'name' | 'startUnixNano' | 'durationNano'>,
): string {
  return `${traceId} ${span.spanId} ${span.startUnixNano} ${span.durationNano} ${span.name}`;
}

const everySpan = prepareQuery(buildQuery(buildStatic({ type: 'bool', value: true })));
