import { syntaxError, type TraceqlError } from './traceql-error.ts';

/** A string literal read from the text. `error` is set when it is wrong; `to` is then where reading may go on. */
export interface LexedString {
  readonly value: string;
  readonly to: number;
  readonly closed: boolean;
  readonly error?: TraceqlError;
}

const SIMPLE_ESCAPES: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  '\\': 92,
  '"': 34,
};

/** Reads `"…"` with Go's escapes (Go specification, "String literals"), `from` at the opening quote. */
export function lexQuoted(text: string, from: number): LexedString {
  let value = '';
  let error: TraceqlError | undefined;
  let at = from + 1;
  for (;;) {
    const char = text[at];
    if (char === undefined || char === '\n') {
      const unclosed = syntaxError('the string is not closed.', { from, to: at }, 'Add a closing ".');
      return { value, to: at, closed: false, error: error ?? unclosed };
    }
    if (char === '"') {
      const end = at + 1;
      const whole = withoutLoneSurrogates(value);
      return error === undefined
        ? { value: whole, to: end, closed: true }
        : { value: whole, to: end, closed: true, error };
    }
    if (char !== '\\') {
      value += char;
      at++;
      continue;
    }
    const escaped = lexEscapes(text, at);
    if (escaped === undefined) {
      const shown = text.slice(at, at + 2);
      error ??= syntaxError(
        `unknown escape ${shown} in a string.`,
        { from: at, to: at + shown.length },
        `Write \\${shown}, or put the text in backquotes: \`…\`.`,
      );
      at += Math.max(1, shown.length);
    } else {
      value += escaped.value;
      at = escaped.to;
    }
  }
}

/** Reads `` `…` ``: everything up to the next backquote, as it stands. */
export function lexRaw(text: string, from: number): LexedString {
  const end = text.indexOf('`', from + 1);
  if (end < 0) {
    const at = { from, to: text.length };
    const error = syntaxError('the string is not closed.', at, 'Add a closing backquote.');
    return { value: text.slice(from + 1), to: text.length, closed: false, error };
  }
  return { value: withoutLoneSurrogates(text.slice(from + 1, end)), to: end + 1, closed: true };
}

/** One escape, or a run of byte escapes (`\xC3\xA9`) that together are UTF-8; undefined when it is none. */
function lexEscapes(text: string, from: number): { readonly value: string; readonly to: number } | undefined {
  const simple = SIMPLE_ESCAPES[text[from + 1] ?? ''];
  if (simple !== undefined) return { value: String.fromCharCode(simple), to: from + 2 };
  const unicode = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/y;
  unicode.lastIndex = from;
  const point = unicode.exec(text);
  if (point !== null) {
    const code = Number.parseInt(point[1] ?? point[2] ?? '', 16);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
    return { value: String.fromCodePoint(code), to: unicode.lastIndex };
  }
  const bytes: number[] = [];
  const byte = /\\(?:x([0-9a-fA-F]{2})|([0-3][0-7]{2}))/y;
  let to = from;
  for (;;) {
    byte.lastIndex = to;
    const match = byte.exec(text);
    if (match === null) break;
    bytes.push(match[1] === undefined ? Number.parseInt(match[2] ?? '', 8) : Number.parseInt(match[1], 16));
    to = byte.lastIndex;
  }
  if (bytes.length === 0) return undefined;
  try {
    return { value: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(new Uint8Array(bytes)), to };
  } catch {
    return undefined; // Not UTF-8: no stored string could equal it.
  }
}

/** Stored strings are UTF-8, which has no lone surrogates: they become U+FFFD, as every encoder does. */
export function withoutLoneSurrogates(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}
