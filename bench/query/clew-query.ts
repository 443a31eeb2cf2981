import { countOtlpSpans, getJson, type QueryApi, traceqlOf } from './query-api.ts';

/** Clew's own API; `url`: http://host:port. */
export function createClewQuery(url: string): QueryApi {
  return {
    async countTraceSpans(traceId) {
      const trace = await getJson<Parameters<typeof countOtlpSpans>[0]>(`${url}/api/v1/traces/${traceId}`);
      return trace === undefined ? 0 : countOtlpSpans(trace);
    },
    async search(question) {
      const { startUnixMs, endUnixMs, limit } = question;
      const parameters = new URLSearchParams({
        q: traceqlOf(question),
        start: String(Math.floor(startUnixMs)),
        end: String(Math.ceil(endUnixMs)),
        limit: String(limit),
      });
      const answer = await getJson<{ readonly traces: readonly { readonly traceId: string }[] }>(
        `${url}/api/v1/search?${parameters}`,
      );
      return answer?.traces.map(({ traceId }) => traceId) ?? [];
    },
  };
}
