import { countOtlpSpans, getJson, type QueryApi, traceqlOf } from './query-api.ts';

/** Tempo's HTTP API (grafana.com/docs/tempo, "Tempo HTTP API"); `url`: http://host:3200. */
export function createTempoQuery(url: string): QueryApi {
  return {
    async countTraceSpans(traceId) {
      const trace = await getJson<Parameters<typeof countOtlpSpans>[0]>(`${url}/api/traces/${traceId}`);
      return trace === undefined ? 0 : countOtlpSpans(trace);
    },
    async search(question) {
      const { startUnixMs, endUnixMs, limit } = question;
      const parameters = new URLSearchParams({
        q: traceqlOf(question),
        start: String(Math.floor(startUnixMs / 1000)),
        end: String(Math.ceil(endUnixMs / 1000)),
        limit: String(limit),
      });
      const answer = await getJson<{ readonly traces?: readonly { readonly traceID: string }[] }>(
        `${url}/api/search?${parameters}`,
      );
      return answer?.traces?.map(({ traceID }) => traceID) ?? [];
    },
  };
}
