import { describe, expect, it } from 'vitest';
import { readEvents, type ServerSentEvent } from './event-stream.ts';

async function eventsOf(...chunks: readonly string[]): Promise<readonly ServerSentEvent[]> {
  async function* body(): AsyncGenerator<Uint8Array> {
    for (const chunk of chunks) yield new TextEncoder().encode(chunk);
  }
  const events: ServerSentEvent[] = [];
  for await (const event of readEvents(body())) events.push(event);
  return events;
}

describe('an event stream', () => {
  it('is read whatever the network cuts', async () => {
    const text = 'retry: 2000\n\nevent: trace\nid: 7\ndata: {"größe":1}\n\n: still here\n\ndata: a\ndata: b\n\n';
    const whole = await eventsOf(text);
    expect(whole).toEqual([
      { name: 'trace', data: '{"größe":1}', id: '7' },
      { name: '', data: '', id: '7' },
      { name: 'message', data: 'a\nb', id: '7' },
    ]);
    for (let at = 1; at < text.length; at++) expect(await eventsOf(text.slice(0, at), text.slice(at))).toEqual(whole);
    expect(await eventsOf(text.replaceAll('\n', '\r\n'))).toEqual(whole);
  });

  it('leaves out an event that was cut off', async () => {
    expect(await eventsOf('event: trace\ndata: {"a"')).toEqual([]);
  });
});
