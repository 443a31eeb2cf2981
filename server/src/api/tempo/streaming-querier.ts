/** `tempopb.StreamingQuerier` over gRPC: answers that come piece by piece. */
import type { IncomingHttpHeaders } from 'node:http';
import { decodeMessage, MalformedMessageError } from '@clew/wire/tempo/decode-message-protobuf';
import { encodeMessage } from '@clew/wire/tempo/encode-message-protobuf';
import type { Message, MessageShape } from '@clew/wire/tempo/message-shape';
import {
  QUERY_INSTANT_REQUEST,
  QUERY_INSTANT_RESPONSE,
  QUERY_RANGE_REQUEST,
  QUERY_RANGE_RESPONSE,
  SEARCH_REQUEST,
  SEARCH_RESPONSE,
  TAG_VALUES_REQUEST,
  TAG_VALUES_RESPONSE,
  TAG_VALUES_V2_RESPONSE,
  TAGS_REQUEST,
  TAGS_RESPONSE,
  TAGS_V2_RESPONSE,
} from '@clew/wire/tempo/tempo-messages';
import type { GrpcMethod, GrpcService } from '../../net/grpc-call.ts';
import type { ReadOptions } from '../../store/span-store.ts';
import { metricsFromMessage } from './metrics-request.ts';
import { type RunMetrics, runQueryInstant, streamQueryRange } from './run-metrics.ts';
import { runSearch } from './run-search.ts';
import { searchFromMessage } from './search-request.ts';
import { splitMessage } from './split-message.ts';
import { loadTagNames, loadTagNamesV2 } from './tag-names.ts';
import { loadTagValues, loadTagValuesV2 } from './tag-values.ts';
import { tagNamesFromMessage, tagValuesFromMessage } from './tags-request.ts';
import { orgIdHeaders, type TempoDependencies } from './tempo-dependencies.ts';
import { badTempoRequest, tempoGrpcStatus } from './tempo-error.ts';

/** A query of MAX_QUERY_LENGTH letters of four bytes, and then some. */
const MAX_REQUEST_BYTES = 256 * 2 ** 10;
const SERVICE = '/tempopb.StreamingQuerier/';

/** One call: what was asked, by whom, and what its reads are given. */
interface Call {
  readonly message: Message;
  readonly tenant: string;
  readonly options: ReadOptions & { readonly signal: AbortSignal; readonly timeoutMs: number };
}

export function createStreamingQuerier(dependencies: TempoDependencies): GrpcService {
  const { store, metrics, tenantOf, queryTimeoutMs, logger } = dependencies;
  const onRead = (route: string) => (rows: number, bytes: number) => metrics.queryRead(route, rows, bytes);
  const method = (
    request: MessageShape,
    response: MessageShape,
    answer: (call: Call) => AsyncIterable<object>,
  ): GrpcMethod =>
    async function* (bytes: Uint8Array, headers: IncomingHttpHeaders, signal: AbortSignal) {
      const tenant = tenantOf(orgIdHeaders(headers));
      const options = { signal, timeoutMs: queryTimeoutMs };
      for await (const part of answer({ message: decoded(request, bytes), tenant, options })) {
        for (const piece of splitMessage(response, part)) yield encodeMessage(response, piece);
      }
    };
  const metricsCall = ({ message, tenant, options }: Call, instant: boolean): RunMetrics => ({
    ...{ store, tenant, ...options },
    asked: metricsFromMessage(message, instant, Date.now()),
    onRead: onRead('tempo metrics'),
  });
  const names = ({ message, tenant, options }: Call) => tagNamesFromMessage(message, tenant, options);
  const values = ({ message, tenant, options }: Call) =>
    tagValuesFromMessage(message, tenant, options, onRead('tempo tag values'));
  const search = ({ message, tenant, options }: Call) =>
    runSearch({
      ...{ store, tenant, ...options, search: searchFromMessage(message, Date.now()) },
      isStreamed: true,
      onRead: onRead('tempo search'),
    });
  return {
    methods: new Map([
      [`${SERVICE}Search`, method(SEARCH_REQUEST, SEARCH_RESPONSE, search)],
      [`${SERVICE}SearchTags`, method(TAGS_REQUEST, TAGS_RESPONSE, (call) => one(loadTagNames(store, names(call))))],
      [
        `${SERVICE}SearchTagsV2`,
        method(TAGS_REQUEST, TAGS_V2_RESPONSE, (call) => one(loadTagNamesV2(store, names(call)))),
      ],
      [
        `${SERVICE}SearchTagValues`,
        method(TAG_VALUES_REQUEST, TAG_VALUES_RESPONSE, (call) => one(loadTagValues(store, values(call)))),
      ],
      [
        `${SERVICE}SearchTagValuesV2`,
        method(TAG_VALUES_REQUEST, TAG_VALUES_V2_RESPONSE, (call) => one(loadTagValuesV2(store, values(call)))),
      ],
      [
        `${SERVICE}MetricsQueryRange`,
        method(QUERY_RANGE_REQUEST, QUERY_RANGE_RESPONSE, (call) => streamQueryRange(metricsCall(call, false))),
      ],
      [
        `${SERVICE}MetricsQueryInstant`,
        method(QUERY_INSTANT_REQUEST, QUERY_INSTANT_RESPONSE, (call) => one(runQueryInstant(metricsCall(call, true)))),
      ],
    ]),
    maxMessageBytes: MAX_REQUEST_BYTES,
    statusOf: (error, signal) => {
      const status = tempoGrpcStatus(error, signal);
      if (status.code === 13) {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        logger.error({ error: text }, 'tempo grpc: call failed');
      }
      return status;
    },
    onAnswered: (path, code, seconds) => metrics.requestAnswered(`grpc ${path}`, code, seconds),
  };
}

async function* one<T extends object>(answer: Promise<T>): AsyncGenerator<T> {
  yield await answer;
}

function decoded(shape: MessageShape, bytes: Uint8Array): Message {
  try {
    return decodeMessage(shape, bytes);
  } catch (error) {
    if (error instanceof MalformedMessageError) throw badTempoRequest(error.message);
    throw error;
  }
}
