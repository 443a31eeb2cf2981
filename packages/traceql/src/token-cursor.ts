import { lex } from './lex.ts';
import { MAX_EXPRESSIONS, MAX_NESTING } from './limits.ts';
import type { Token } from './token.ts';
import { limitError, notYetError, type TraceqlError } from './traceql-error.ts';
import type { TextRange } from './tree.ts';

/** Any node of the tree. */
interface Node {
  readonly kind: string;
  readonly operator?: string;
  readonly at: TextRange;
}

/** The tokens of one query with the parser's position, its limits, and what it met that cannot run yet. */
export class TokenCursor {
  readonly text: string;
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  readonly #depths = new WeakMap<Node, number>();
  #position = 0;
  #nesting = 0;
  #expressions = 0;
  #notYet: TraceqlError | undefined;

  constructor(text: string) {
    this.text = text;
    this.#tokens = lex(text);
    this.#end = { type: 'end', from: text.length, to: text.length };
  }

  get token(): Token {
    return this.#tokens[this.#position] ?? this.#end;
  }

  /** The token before the current one; a range at 0 at the start. */
  get previous(): TextRange {
    return this.#tokens[this.#position - 1] ?? { from: 0, to: 0 };
  }

  /** The token `distance` after the current one (before it when negative). */
  ahead(distance: number): Token {
    return this.#tokens[this.#position + distance] ?? this.#end;
  }

  /** Returns the current token and goes to the next. */
  take(): Token {
    const token = this.token;
    if (token.type !== 'end') this.#position++;
    return token;
  }

  isSymbol(text: string, distance = 0): boolean {
    const token = this.ahead(distance);
    return token.type === 'symbol' && token.text === text;
  }

  isWord(text: string, distance = 0): boolean {
    const token = this.ahead(distance);
    return token.type === 'word' && token.text === text;
  }

  /** Takes the symbol if it is next. */
  accept(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.#position++;
    return true;
  }

  /** The text of a range, shortened for messages. */
  shown(at: TextRange): string {
    const text = this.text.slice(at.from, at.to);
    return text.length <= 40 ? text : `${text.slice(0, 37)}…`;
  }

  /** Runs `read` one level deeper. */
  nested<T>(read: () => T): T {
    this.#nesting++;
    if (this.#nesting > MAX_NESTING) throw tooDeep(this.token);
    const result = read();
    this.#nesting--;
    return result;
  }

  /** Counts a new tree node over `children` and checks both limits of the tree. */
  node<const T extends Node>(node: T, children: readonly Node[]): T {
    this.#expressions++;
    if (this.#expressions > MAX_EXPRESSIONS) {
      const hint = 'Use a regular expression (=~) instead of many alternatives.';
      throw limitError(`the query has too many parts (limit ${MAX_EXPRESSIONS}).`, node.at, hint);
    }
    let depth = 0;
    for (const child of children) {
      depth = Math.max(depth, (this.#depths.get(child) ?? 0) + (isSameChain(child, node) ? 0 : 1));
    }
    if (depth > MAX_NESTING) throw tooDeep(node.at);
    this.#depths.set(node, depth);
    return node;
  }

  /** Remembers the first construct that is correct but cannot run; the whole text is read before it is said. */
  noteNotYet(what: string, at: TextRange, hint?: string): void {
    this.#notYet ??= notYetError(`${what} not supported yet.`, at, hint);
  }

  get notYet(): TraceqlError | undefined {
    return this.#notYet;
  }
}

/** A chain of one `&&` or `||` may be read without recursion, so it counts as one level; braces are none. */
function isSameChain(child: Node, parent: Node): boolean {
  if (parent.kind === 'spanset-filter') return true;
  return child.kind === parent.kind && child.operator === parent.operator && /^(?:&&|\|\|)$/.test(child.operator ?? '');
}

function tooDeep(at: TextRange): TraceqlError {
  return limitError(`the query is nested too deeply (limit ${MAX_NESTING}).`, at, 'Remove parentheses.');
}
