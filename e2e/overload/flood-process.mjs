/**
 * A process of senders that do not heed any refusal: the next request follows the answer at once. Started by
 * flood.ts, which sends an order as its first message; reports and ends when the time is over.
 */
import { Agent, request } from 'node:http';

process.once('message', (order) => {
  void flood(order).then((report) => process.send?.(report, () => process.disconnect()));
});

async function flood({ url, template, traceIdOffsets, firstId, untilUnixMs, groups }) {
  const body = Buffer.from(template, 'base64');
  let next = firstId;
  const reports = await Promise.all(
    groups.map(async ({ tenant, connections, localAddress }) => {
      const report = { tenant, acknowledged: [], refused: [], unknown: [], statuses: {}, unadvised: 0 };
      const run = async () => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        while (Date.now() < untilUnixMs) {
          const traceId = (next++).toString(16).padStart(32, '0');
          const answer = await send(agent, url, tenant, localAddress, stamped(body, traceIdOffsets, traceId));
          if (answer.status === 200) report.acknowledged.push(traceId);
          else if (answer.status === 0) report.unknown.push(traceId);
          else {
            report.refused.push(traceId);
            if (answer.retryAfter === undefined) report.unadvised++;
          }
          report.statuses[answer.status] = (report.statuses[answer.status] ?? 0) + 1;
        }
        agent.destroy();
      };
      await Promise.all(Array.from({ length: connections }, run));
      return report;
    }),
  );
  return reports;
}

function stamped(template, offsets, traceId) {
  const body = Buffer.from(template);
  const id = Buffer.from(traceId, 'hex');
  for (const offset of offsets) id.copy(body, offset);
  return body;
}

/** Status 0: the connection broke. */
function send(agent, url, tenant, localAddress, body) {
  return new Promise((resolve) => {
    const headers = {
      'content-type': 'application/x-protobuf',
      'content-length': body.length,
      'x-scope-orgid': tenant,
    };
    const req = request(`${url}/v1/traces`, { method: 'POST', agent, headers, localAddress }, (res) => {
      res.resume();
      res.on('end', () => resolve({ status: res.statusCode, retryAfter: res.headers['retry-after'] }));
      res.on('error', () => resolve({ status: 0 }));
    });
    req.on('error', () => resolve({ status: 0 }));
    req.end(body);
  });
}
