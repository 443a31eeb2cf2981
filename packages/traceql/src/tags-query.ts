import { fieldMeant } from './foreign-words.ts';
import { INTRINSIC_SPELLINGS } from './intrinsics.ts';
import { printString } from './print.ts';

const PAIR = /\s*([\p{L}_][\p{L}\p{N}_.:/-]*)\s*(=~|!=|!~|=|:)\s*("(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^\s,"'{}()=]+)\s*/uy;
const JOIN = /(?:,|&&|and\b|AND\b)?/y;
const MAX_PAIRS = 20;

/**
 * Text of the form `key=value key2="two words"`, as other tracing systems and log searches take it, as a query; also
 * in braces with commas. Undefined when it is something else. The result need not be a query.
 */
export function queryFromTags(text: string): string | undefined {
  const inner = text.trim().replace(/^\{([^{}]*)\}$/, '$1');
  const conditions: string[] = [];
  let at = 0;
  while (at < inner.length) {
    PAIR.lastIndex = at;
    const pair = PAIR.exec(inner);
    if (pair === null || conditions.length === MAX_PAIRS) return undefined;
    conditions.push(conditionOf(pair[1] ?? '', pair[2] ?? '', pair[3] ?? ''));
    JOIN.lastIndex = PAIR.lastIndex;
    JOIN.exec(inner);
    at = JOIN.lastIndex;
  }
  return conditions.length === 0 ? undefined : `{ ${conditions.join(' && ')} }`;
}

function conditionOf(key: string, operator: string, value: string): string {
  if (key === 'error' && operator !== '!=') return value === 'false' ? 'status != error' : 'status = error';
  const written = operator === ':' ? '=' : operator;
  const text = value.replace(/^(["'])(.*)\1$/s, '$2');
  const isPlain = INTRINSIC_SPELLINGS.has(key) && key !== 'status' && key !== 'kind';
  if (key === 'status' || key === 'kind') return `${key} ${written} ${text.toLowerCase()}`;
  const isNumber = text === value && /^-?\d+(?:\.\d+)?(?:ns|us|ms|s|m|h)?$/.test(value);
  const literal = isNumber || value === 'true' || value === 'false' ? value : printString(text);
  const field = isPlain ? key : fieldOf(key);
  return `${field} ${written} ${literal}`;
}

function fieldOf(key: string): string {
  const meant = key.includes('.') ? undefined : fieldMeant(key);
  if (meant !== undefined && /^[\w.:]+$/.test(meant)) return meant;
  return /^(?:service|host|k8s|deployment|cloud|container|process)\./.test(key) ? `resource.${key}` : `.${key}`;
}
