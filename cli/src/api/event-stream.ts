/** Server-sent events out of a body (HTML Living Standard, "Server-sent events", interpreting an event stream). */

export interface ServerSentEvent {
  /** "message" unless the event names itself. */
  readonly name: string;
  readonly data: string;
  /** The last one seen; empty when none was. */
  readonly id: string;
}

/** Most characters of one event; a server that sends more is not Clew. */
const MAX_EVENT_LENGTH = 16 * 1024 * 1024;

/**
 * Reads until the body ends. Comments come as events without a name: whoever waits for a sign of life sees them.
 * @throws Error when an event is larger than MAX_EVENT_LENGTH.
 */
export async function* readEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  let name = '';
  let data: string[] = [];
  let id = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    if (rest.length > MAX_EVENT_LENGTH) throw new Error(`an event has more than ${MAX_EVENT_LENGTH} characters.`);
    // A line may end in CR LF, and the LF come with the next chunk.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { name: name === '' ? 'message' : name, data: data.join('\n'), id };
        name = '';
        data = [];
        continue;
      }
      if (line.startsWith(':')) {
        yield { name: '', data: '', id };
        continue;
      }
      const [, field, value] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? ['', '', ''];
      if (field === 'event') name = value ?? '';
      else if (field === 'data') data.push(value ?? '');
      else if (field === 'id' && !(value ?? '').includes('\0')) id = value ?? '';
    }
  }
}
