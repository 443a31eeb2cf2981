/**
 * Just enough of ClickHouse's lexical rules to treat a statement the way its HTTP interface does: one statement a
 * request, a FORMAT clause that names the output or the data, settings that apply to this statement only.
 */
import { EngineError, EngineErrorCode } from './engine-error.ts';

export interface Statement {
  /** First word in capitals, parentheses and comments skipped: SELECT, INSERT, CREATE, … */
  readonly verb: string;
  /** The text before the FORMAT clause, without a closing semicolon. */
  readonly text: string;
  /** Format named by the statement itself. */
  readonly format: string | undefined;
  /** What followed the format's name: empty or a SETTINGS clause. */
  readonly afterFormat: string;
  /** True when `text` has a SETTINGS clause of its own outside parentheses. */
  readonly hasSettings: boolean;
  /** Words outside parentheses, in capitals. */
  readonly words: ReadonlySet<string>;
}

interface Token {
  readonly kind: 'word' | 'symbol';
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
}

const TOKEN =
  /\s+|--[^\n]*|#(?:!| )[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`(?:[^`\\]|\\[\s\S]|``)*`|\$(\w*)\$[\s\S]*?\$\1\$|[A-Za-z_][A-Za-z0-9_]*|[0-9][A-Za-z0-9_.]*|[\s\S]/y;

function tokenize(sql: string): Token[] {
  const tokens: Token[] = [];
  let depth = 0;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < sql.length) {
    const start = TOKEN.lastIndex;
    const text = TOKEN.exec(sql)?.[0] ?? '';
    const first = text.charCodeAt(0);
    if (text === '(' || text === '[' || text === '{') depth++;
    else if (text === ')' || text === ']' || text === '}') depth--;
    if (/[A-Za-z_]/.test(text[0] ?? '')) tokens.push({ kind: 'word', text, start, end: start + text.length, depth });
    else if (first > 0x20 && !/^(?:--|#[! ]|\/\*)/.test(text)) {
      tokens.push({ kind: 'symbol', text, start, end: start + text.length, depth });
    }
  }
  return tokens;
}

/**
 * Splits one statement. Throws EngineError when there is none or more than one: a request carries exactly one
 * statement, as on a ClickHouse server, so that a value that breaks out of its quotes cannot start another.
 */
export function parseStatement(sql: string): Statement {
  const all = tokenize(sql);
  const firstEnd = all.findIndex((token) => token.text === ';' && token.depth === 0);
  const tokens = firstEnd === -1 ? all : all.slice(0, firstEnd);
  if (firstEnd !== -1 && all.slice(firstEnd).some((token) => token.text !== ';')) {
    throw new EngineError('Syntax error: Multi-statements are not allowed', EngineErrorCode.syntaxError);
  }
  const verb = tokens.find((token) => token.kind === 'word');
  if (verb === undefined) throw new EngineError('Syntax error: empty query', EngineErrorCode.syntaxError);
  const end = firstEnd === -1 ? sql.length : (all[firstEnd]?.start ?? sql.length);

  const formatAt = tokens.findLastIndex((token, index) => isFormatClause(tokens, token, index));
  const formatName = formatAt === -1 ? undefined : tokens[formatAt + 1];
  const textEnd = formatAt === -1 ? end : (tokens[formatAt]?.start ?? end);
  const topWords = tokens.filter((token) => token.kind === 'word' && token.depth === 0);
  return {
    verb: verb.text.toUpperCase(),
    text: sql.slice(0, textEnd).trimEnd(),
    format: formatName?.text,
    afterFormat: formatName === undefined ? '' : sql.slice(formatName.end, end).trim(),
    hasSettings: topWords.some((token) => token.start < textEnd && token.text.toUpperCase() === 'SETTINGS'),
    words: new Set(topWords.map((token) => token.text.toUpperCase())),
  };
}

function isFormatClause(tokens: readonly Token[], token: Token, index: number): boolean {
  if (token.kind !== 'word' || token.depth !== 0 || token.text.toUpperCase() !== 'FORMAT') return false;
  const name = tokens[index + 1];
  if (name?.kind !== 'word' || name.depth !== 0) return false;
  const next = tokens[index + 2];
  return next === undefined || next.text.toUpperCase() === 'SETTINGS';
}

const READS = new Set(['SELECT', 'WITH', 'FROM']);

/** Statements whose result the engine can stream. */
export function isSelect(statement: Statement): boolean {
  return READS.has(statement.verb);
}

/** An INSERT whose rows follow as the request's body. */
export function isInsertOfBody(statement: Statement): boolean {
  return statement.verb === 'INSERT' && !statement.words.has('SELECT') && !statement.words.has('VALUES');
}

/** `a='1', b='x'` for a SETTINGS clause. Every setting accepts its value as a quoted string. */
export function settingsList(settings: ReadonlyMap<string, string>): string {
  return [...settings].map(([name, value]) => `${name}=${quoteString(value)}`).join(', ');
}

/** A ClickHouse string literal. */
export function quoteString(value: string): string {
  return `'${value.replace(/[\\']/g, '\\$&').replaceAll('\0', '\\0')}'`;
}

/** The SELECT with its format spelt out and the settings behind it, where they hold for the whole query. */
export function selectText(statement: Statement, format: string, settings: ReadonlyMap<string, string>): string {
  const clauses = [statement.afterFormat.replace(/^SETTINGS\s+/i, ''), settingsList(settings)].filter(Boolean);
  const tail = clauses.length === 0 ? '' : ` SETTINGS ${clauses.join(', ')}`;
  return `${statement.text}\nFORMAT ${format}${tail}`;
}

/** The INSERT without its FORMAT clause, with the settings added to its own. */
export function insertText(statement: Statement, settings: ReadonlyMap<string, string>): string {
  if (settings.size === 0) return statement.text;
  return `${statement.text}${statement.hasSettings ? ', ' : ' SETTINGS '}${settingsList(settings)}`;
}

/** ClickHouse's own database: what a request without `database` means. */
export const DEFAULT_DATABASE = 'default';

export function quoteIdentifier(name: string): string {
  return `\`${quoteString(name).slice(1, -1).replaceAll('`', '\\`')}\``;
}
