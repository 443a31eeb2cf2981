/**
 * JSON text as a tree that keeps what JSON.parse loses: members sent twice, and numbers as they were written.
 * Accepts exactly RFC 8259, by its own reading of it; the OTLP JSON target checks that against JSON.parse.
 */
export type JsonNode =
  | { kind: 'object'; members: [string, JsonNode][] }
  | { kind: 'array'; items: JsonNode[] }
  | { kind: 'string'; text: string }
  | { kind: 'number'; text: string }
  | { kind: 'word'; text: 'true' | 'false' | 'null' };

const MAX_DEPTH = 2_000;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const SPACE = /[ \t\r\n]*/y;
const WORD = /true|false|null/y;

/** Undefined when the text is not JSON, or nests more than 2,000 deep. */
export function tryParseJson(text: string): JsonNode | undefined {
  const parser = new JsonParser(text);
  const node = parser.tryValue(0);
  parser.match(SPACE);
  return node !== undefined && parser.position === text.length ? node : undefined;
}

class JsonParser {
  readonly #text: string;
  position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }

  #next(character: string): boolean {
    this.match(SPACE);
    if (this.#text[this.position] !== character) return false;
    this.position++;
    return true;
  }

  tryValue(depth: number): JsonNode | undefined {
    if (depth > MAX_DEPTH) return undefined;
    if (this.#next('{')) return this.#tryObject(depth);
    if (this.#next('[')) return this.#tryArray(depth);
    const string = this.#tryString();
    if (string !== undefined) return { kind: 'string', text: string };
    const number = this.match(NUMBER);
    if (number !== undefined) return { kind: 'number', text: number };
    const word = this.match(WORD);
    return word === 'true' || word === 'false' || word === 'null' ? { kind: 'word', text: word } : undefined;
  }

  #tryString(): string | undefined {
    const literal = this.match(STRING);
    return literal === undefined ? undefined : (JSON.parse(literal) as string);
  }

  #tryObject(depth: number): JsonNode | undefined {
    const members: [string, JsonNode][] = [];
    if (this.#next('}')) return { kind: 'object', members };
    do {
      this.match(SPACE);
      const name = this.#tryString();
      if (name === undefined || !this.#next(':')) return undefined;
      const value = this.tryValue(depth + 1);
      if (value === undefined) return undefined;
      members.push([name, value]);
    } while (this.#next(','));
    return this.#next('}') ? { kind: 'object', members } : undefined;
  }

  #tryArray(depth: number): JsonNode | undefined {
    const items: JsonNode[] = [];
    if (this.#next(']')) return { kind: 'array', items };
    do {
      const value = this.tryValue(depth + 1);
      if (value === undefined) return undefined;
      items.push(value);
    } while (this.#next(','));
    return this.#next(']') ? { kind: 'array', items } : undefined;
  }
}

/** The text again; `writeString` and `space` say how. */
export function serializeJson(node: JsonNode, writeString: (text: string) => string, space: () => string): string {
  switch (node.kind) {
    case 'object': {
      const members = node.members.map(
        ([name, value]) => `${space()}${writeString(name)}:${serializeJson(value, writeString, space)}`,
      );
      return `{${members.join(',')}${space()}}`;
    }
    case 'array':
      return `[${node.items.map((item) => space() + serializeJson(item, writeString, space)).join(',')}${space()}]`;
    case 'string':
      return writeString(node.text);
    default:
      return node.text;
  }
}
