import { HighlightStyle, LanguageSupport, StreamLanguage, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';
import { INTRINSIC_SPELLINGS, STATIC_WORDS } from '../intrinsics.ts';
import { lex } from '../lex.ts';
import type { Token } from '../token.ts';

/** A coloured part of one line. */
interface Piece {
  readonly to: number;
  /** A key of TOKEN_TABLE, or null for plain text. */
  readonly style: keyof typeof TOKEN_TABLE | null;
}

/** What a line begins in, when the line before left it open. */
type OpenText = 'comment' | 'raw-string' | undefined;

interface LineState {
  open: OpenText;
  line: string | undefined;
  pieces: readonly Piece[];
}

const TOKEN_TABLE = {
  attribute: tags.propertyName,
  intrinsic: tags.standard(tags.propertyName),
  function: tags.function(tags.variableName),
  constant: tags.atom,
  string: tags.string,
  number: tags.number,
  comment: tags.comment,
  brace: tags.brace,
  paren: tags.paren,
  pipe: tags.controlOperator,
  operator: tags.operator,
  unknown: tags.variableName,
  wrong: tags.invalid,
};

/** TraceQL for CodeMirror, read by the same lexer as the parser's. */
export const traceqlLanguage = StreamLanguage.define<LineState>({
  name: 'traceql',
  startState: () => ({ open: undefined, line: undefined, pieces: [] }),
  copyState: (state) => ({ ...state }),
  token: (stream, state) => {
    if (stream.sol() || state.line !== stream.string) {
      const { pieces, open } = cutLine(stream.string, state.open);
      state.line = stream.string;
      state.pieces = pieces;
      state.open = open;
    }
    const piece = state.pieces.find(({ to }) => to > stream.pos);
    stream.pos = piece?.to ?? stream.string.length;
    return piece?.style ?? null;
  },
  languageData: {
    commentTokens: { line: '//', block: { open: '/*', close: '*/' } },
    closeBrackets: { brackets: ['(', '{', '"', '`'] },
  },
  tokenTable: TOKEN_TABLE,
});

/**
 * Colours as CSS variables, each with a value for light and dark: `--traceql-attribute`, `-intrinsic`, `-function`,
 * `-constant`, `-string`, `-number`, `-comment`, `-operator`, `-pipe`, `-wrong`.
 */
export const traceqlHighlightStyle = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--traceql-attribute, inherit)' },
  { tag: tags.standard(tags.propertyName), color: 'var(--traceql-intrinsic, light-dark(#0b5fd0, #6cb0ff))' },
  { tag: tags.function(tags.variableName), color: 'var(--traceql-function, light-dark(#6a2fb5, #c3a3f5))' },
  { tag: tags.atom, color: 'var(--traceql-constant, light-dark(#8a4b00, #e6b366))' },
  { tag: tags.string, color: 'var(--traceql-string, light-dark(#1a6b3c, #7bd79b))' },
  { tag: tags.number, color: 'var(--traceql-number, light-dark(#8a4b00, #e6b366))' },
  { tag: tags.comment, color: 'var(--traceql-comment, light-dark(#57606a, #a3adba))', fontStyle: 'italic' },
  { tag: [tags.operator, tags.brace, tags.paren], color: 'var(--traceql-operator, light-dark(#57606a, #a3adba))' },
  { tag: tags.controlOperator, color: 'var(--traceql-pipe, inherit)', fontWeight: '600' },
  { tag: tags.invalid, color: 'var(--traceql-wrong, light-dark(#c01c28, #ff6b66))' },
]);

/** The language with its colours. */
export function traceql(): LanguageSupport {
  return new LanguageSupport(traceqlLanguage, [syntaxHighlighting(traceqlHighlightStyle)]);
}

function cutLine(line: string, openBefore: OpenText): { readonly pieces: readonly Piece[]; readonly open: OpenText } {
  const pieces: Piece[] = [];
  let from = 0;
  if (openBefore !== undefined) {
    const end = line.indexOf(openBefore === 'comment' ? '*/' : '`');
    const style = openBefore === 'comment' ? 'comment' : 'string';
    if (end < 0) return { pieces: [{ to: line.length, style }], open: openBefore };
    from = end + (openBefore === 'comment' ? 2 : 1);
    pieces.push({ to: from, style });
  }
  const tokens = tokensOf(line.slice(from)).map((token) => ({
    ...token,
    from: token.from + from,
    to: token.to + from,
  }));
  let done = from;
  tokens.forEach((token, index) => {
    if (token.from > done) pieces.push(...gapPieces(line, done, token.from));
    const next = tokens[index + 1];
    pieces.push({ to: token.to, style: styleOf(token, next) });
    done = Math.max(done, token.to);
  });
  if (done < line.length) pieces.push(...gapPieces(line, done, line.length));
  return { pieces, open: openAtEnd(line, done, tokens.at(-1)) };
}

function tokensOf(text: string): Token[] {
  try {
    return lex(text, { tolerant: true }).filter((token) => token.type !== 'end');
  } catch {
    return []; // Longer than a query may be: shown plain.
  }
}

/** White space and comments, which the lexer leaves out. */
function gapPieces(line: string, from: number, to: number): Piece[] {
  const comment = line.slice(from, to).search(/\S/);
  if (comment < 0) return [{ to, style: null }];
  return comment === 0
    ? [{ to, style: 'comment' }]
    : [
        { to: from + comment, style: null },
        { to, style: 'comment' },
      ];
}

function openAtEnd(line: string, done: number, last: Token | undefined): OpenText {
  if (last?.type === 'string' && !last.closed && line[last.from] === '`') return 'raw-string';
  const gap = line.slice(done).trimStart();
  const isBlock = /^(?:\/\*(?:(?!\*\/)[\s\S])*\*\/\s*)*\/\*(?:(?!\*\/)[\s\S])*$/.test(gap);
  return isBlock ? 'comment' : undefined;
}

function styleOf(token: Token, next: Token | undefined): Piece['style'] {
  switch (token.type) {
    case 'attribute':
    case 'string':
      return token.type;
    case 'int':
    case 'float':
    case 'duration':
      return 'number';
    case 'word':
      if (next?.type === 'symbol' && next.text === '(') return 'function';
      if (STATIC_WORDS.has(token.text)) return 'constant';
      return INTRINSIC_SPELLINGS.has(token.text) || token.text === 'parent' || token.text.includes(':')
        ? 'intrinsic'
        : 'unknown';
    case 'symbol':
      if (token.text === '{' || token.text === '}') return 'brace';
      if (token.text === '(' || token.text === ')') return 'paren';
      return token.text === '|' ? 'pipe' : 'operator';
    case 'invalid':
      return 'wrong';
    default:
      return 'unknown';
  }
}
