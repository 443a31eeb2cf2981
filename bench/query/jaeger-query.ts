import { getJson, type QueryApi } from './query-api.ts';

interface JaegerAnswer {
  readonly data?: readonly { readonly traceID: string; readonly spans: readonly unknown[] }[] | null;
}

/**
 * The HTTP API behind Jaeger's UI, which VictoriaTraces answers too. `url`: what stands before /api, for instance
 * http://host:16686 or http://host:10428/select/jaeger. A search needs a service; its tags are searched in spans.
 */
export function createJaegerQuery(url: string): QueryApi {
  return {
    async countTraceSpans(traceId) {
      const answer = await getJson<JaegerAnswer>(`${url}/api/traces/${traceId}`);
      return answer?.data?.reduce((sum, { spans }) => sum + spans.length, 0) ?? 0;
    },
    async search({ service, minDurationMs, attribute, startUnixMs, endUnixMs, limit }) {
      if (service === undefined) throw new Error('Jaeger cannot search without a service.');
      const parameters = new URLSearchParams({
        service,
        start: String(Math.floor(startUnixMs * 1000)),
        end: String(Math.ceil(endUnixMs * 1000)),
        limit: String(limit),
        lookback: 'custom',
        ...(minDurationMs !== undefined && { minDuration: `${minDurationMs}ms` }),
        ...(attribute !== undefined && { tags: JSON.stringify({ [attribute.key]: attribute.value }) }),
      });
      const answer = await getJson<JaegerAnswer>(`${url}/api/traces?${parameters}`);
      return answer?.data?.map(({ traceID }) => traceID) ?? [];
    },
  };
}
