import { INTRINSIC_SPELLINGS, MIN_INT, STATIC_WORDS } from './intrinsics.ts';
import { MAX_INT_MAGNITUDE } from './lex.ts';
import { operandError, operatorError } from './mistakes.ts';
import type { Token } from './token.ts';
import type { TokenCursor } from './token-cursor.ts';
import { syntaxError } from './traceql-error.ts';
import type {
  ArithmeticOperator,
  ComparisonOperator,
  FieldExpression,
  LogicalOperator,
  Static,
  TextRange,
} from './tree.ts';

type BinaryOperator = ComparisonOperator | LogicalOperator | ArithmeticOperator;

/** Binding strength, lowest first. `&&` and `||` are equal; `^` is the only one that associates to the right. */
export const BINARY_LEVELS: Readonly<Record<BinaryOperator, number>> = {
  '&&': 1,
  '||': 1,
  '=': 2,
  '!=': 2,
  '<': 2,
  '<=': 2,
  '>': 2,
  '>=': 2,
  '=~': 2,
  '!~': 2,
  '+': 3,
  '-': 3,
  '*': 5,
  '/': 5,
  '%': 5,
  '^': 6,
};

/** What `!` and unary `-` take as operand: `!a * b` is `!(a * b)`, `-a = b` is `(-a) = b`. */
export const PREFIX_OPERAND_LEVEL = 5;

/**
 * Reads one field expression, up to the first token that cannot continue it.
 * @param level the weakest operator to take, see BINARY_LEVELS.
 */
export function parseFieldExpression(cursor: TokenCursor, level = 1): FieldExpression {
  let left = parseOperand(cursor);
  for (;;) {
    const operator = tryBinaryOperator(cursor.token);
    if (operator === undefined || BINARY_LEVELS[operator] < level) return left;
    const mistake = operatorError(cursor);
    if (mistake !== undefined) throw mistake;
    cursor.take();
    const own = BINARY_LEVELS[operator];
    // A right-associative chain recurses once per operator, so it counts as nesting.
    const right =
      operator === '^' ? cursor.nested(() => parseFieldExpression(cursor, own)) : parseFieldExpression(cursor, own + 1);
    left = cursor.node(buildBinary(operator, left, right), [left, right]);
  }
}

function tryBinaryOperator(token: Token): BinaryOperator | undefined {
  return token.type === 'symbol' && Object.hasOwn(BINARY_LEVELS, token.text)
    ? (token.text as BinaryOperator) // A key of the table, as just checked.
    : undefined;
}

function buildBinary(operator: BinaryOperator, left: FieldExpression, right: FieldExpression): FieldExpression {
  const at = { from: left.at.from, to: right.at.to };
  switch (operator) {
    case '&&':
    case '||':
      return { kind: 'logical', operator, left, right, at };
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '^':
      return { kind: 'arithmetic', operator, left, right, at };
    default:
      return { kind: 'comparison', operator, left, right, at };
  }
}

function parseOperand(cursor: TokenCursor): FieldExpression {
  const token = cursor.token;
  if (token.type === 'symbol') {
    if (token.text === '(') return parseParenthesised(cursor);
    if (token.text === '!' || token.text === '-') return cursor.nested(() => parsePrefixed(cursor, token));
    throw operandError(cursor);
  }
  const leaf = parseLeaf(cursor, token);
  cursor.take();
  return cursor.node(leaf, []);
}

function parseParenthesised(cursor: TokenCursor): FieldExpression {
  const open = cursor.take();
  return cursor.nested(() => {
    const inner = parseFieldExpression(cursor);
    if (!cursor.accept(')')) {
      throw (
        operatorError(cursor) ??
        syntaxError(
          cursor.token.type === 'end' ? 'a parenthesis is not closed.' : `unexpected ${cursor.shown(cursor.token)}.`,
          cursor.token.type === 'end' ? open : cursor.token,
          'Expected an operator or ).',
        )
      );
    }
    return inner;
  });
}

function parsePrefixed(cursor: TokenCursor, sign: Token & { type: 'symbol' }): FieldExpression {
  cursor.take();
  const number = cursor.token;
  // 2^63 exists only with a minus sign, so the sign has to be seen first.
  const isInteger = number.type === 'int' || number.type === 'duration';
  if (sign.text === '-' && isInteger && number.value === MAX_INT_MAGNITUDE) {
    cursor.take();
    const at = { from: sign.from, to: number.to };
    return cursor.node({ kind: 'static', static: { type: number.type, value: MIN_INT }, at }, []);
  }
  const operand = parseFieldExpression(cursor, PREFIX_OPERAND_LEVEL);
  const at = { from: sign.from, to: operand.at.to };
  if (sign.text === '!') return cursor.node({ kind: 'not', operand, at }, [operand]);
  const negated = operand.kind === 'static' ? tryNegate(operand.static, at) : undefined;
  if (negated !== undefined) return cursor.node({ kind: 'static', static: negated, at }, []);
  return cursor.node({ kind: 'negate', operand, at }, [operand]);
}

/** The number with the other sign: a minus sign before a number is part of the number. Undefined for other literals. */
export function tryNegate(value: Static, at: TextRange): Static | undefined {
  switch (value.type) {
    case 'int':
    case 'duration':
      if (value.value === MIN_INT) {
        throw syntaxError(`the number does not fit in 64 bits: ${-value.value}.`, at, 'The largest is maxInt.');
      }
      return { type: value.type, value: -value.value };
    case 'float':
      return { type: 'float', value: -value.value };
    default:
      return undefined;
  }
}

function parseLeaf(cursor: TokenCursor, token: Token): FieldExpression {
  const at = { from: token.from, to: token.to };
  switch (token.type) {
    case 'string':
      return { kind: 'static', static: { type: 'string', value: token.value }, at };
    case 'int':
    case 'duration':
      if (token.value === MAX_INT_MAGNITUDE) {
        throw syntaxError(`the number does not fit in 64 bits: ${cursor.shown(at)}.`, at, 'The largest is maxInt.');
      }
      return { kind: 'static', static: { type: token.type, value: token.value }, at };
    case 'float':
      return { kind: 'static', static: { type: 'float', value: token.value }, at };
    case 'attribute':
      if (token.ofParent) return { kind: 'attribute', scope: token.scope, key: token.key, ofParent: true, at };
      return { kind: 'attribute', scope: token.scope, key: token.key, at };
    case 'word':
      return parseWord(cursor, token.text, at);
    default:
      throw operandError(cursor);
  }
}

function parseWord(cursor: TokenCursor, word: string, at: TextRange): FieldExpression {
  const intrinsic = INTRINSIC_SPELLINGS.get(word);
  if (intrinsic !== undefined) return { kind: 'intrinsic', intrinsic, at };
  const literal = STATIC_WORDS.get(word);
  if (literal !== undefined) return { kind: 'static', static: literal, at };
  throw operandError(cursor);
}
