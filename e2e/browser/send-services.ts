/** A company of any number of services, sent to a real Clew as OTLP over HTTP. */
import { generateServiceTraces, type ServiceTracesOptions } from '@clew/testkit/generate-service-traces';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';

/** Resources of one request: small enough for any receiver. */
const RESOURCES_PER_REQUEST = 20;

/** Sends the traces of so many services; answers how many spans these are. */
export async function sendServices(otlpHttp: string, options: ServiceTracesOptions): Promise<number> {
  const { resourceSpans } = generateServiceTraces(options);
  let sent = 0;
  for (let at = 0; at < resourceSpans.length; at += RESOURCES_PER_REQUEST) {
    const part = resourceSpans.slice(at, at + RESOURCES_PER_REQUEST);
    const answer = await fetch(`${otlpHttp}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: encodeOtlpProtobuf({ resourceSpans: part }) as Uint8Array<ArrayBuffer>,
    });
    if (!answer.ok) throw new Error(`POST ${otlpHttp}/v1/traces: ${answer.status} ${await answer.text()}`);
    for (const { scopeSpans } of part) for (const { spans } of scopeSpans) sent += spans.length;
  }
  return sent;
}
