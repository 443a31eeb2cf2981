/** What the grammar expects after some tokens of an unfinished query: a small machine that forgives everything. */
import { INTRINSIC_SPELLINGS } from './intrinsics.ts';
import type { Token } from './token.ts';

/** What the grammar expects. `closing` is the bracket that would end what is open; undefined at the top. */
export type Place =
  | { readonly expects: 'nothing' }
  /** A stage of a pipeline: the first one, one after `|`, or one after metrics. */
  | { readonly expects: 'first-stage' | 'next-stage' | 'series-stage' }
  /** `{` or `(` after an operator between filters. */
  | { readonly expects: 'filter' }
  /** A number or an aggregate. */
  | { readonly expects: 'number' }
  /** What follows filters, aggregates, conditions on numbers, groupings, or metrics. */
  | {
      readonly expects: 'after-filter' | 'after-number' | 'after-stage' | 'after-metrics' | 'after-series';
      readonly closing: string | undefined;
    }
  /** The beginning of a condition. `wants` is a number inside aggregates. */
  | { readonly expects: 'operand'; readonly wants: 'any' | 'number' }
  | { readonly expects: 'value'; readonly field: Token }
  /** A field, so an operator comes next, or the end of it. */
  | { readonly expects: 'comparison'; readonly field: Token; readonly closing: string }
  /** A complete condition. */
  | { readonly expects: 'logical'; readonly closing: string }
  /** What follows a field in a list, or an argument. */
  | { readonly expects: 'argument-end'; readonly keywords: readonly string[] }
  | { readonly expects: 'quantile' | 'count' | 'hint-name' | 'hint-equals' | 'open-parenthesis' }
  | { readonly expects: 'hint-value'; readonly hint: string };

/** What has been read last in a pipeline. */
type Last =
  | 'start'
  | 'pipe'
  | 'spansets'
  | 'number'
  | 'stage'
  | 'metrics'
  | 'series'
  | 'word'
  | 'spanset-operator'
  | 'number-operator'
  | 'comparison'
  | 'hints'
  | 'unknown';

interface StagesFrame {
  readonly kind: 'stages';
  readonly closing: ')' | undefined;
  last: Last;
  word: string;
  hasSeries: boolean;
}

interface FieldFrame {
  readonly kind: 'field';
  readonly closing: ')' | '}';
  readonly wants: 'any' | 'number';
  readonly tokens: Token[];
}

interface CallFrame {
  readonly kind: 'call';
  readonly name: string;
  readonly tokens: Token[];
  commas: number;
}

type Frame = StagesFrame | FieldFrame | CallFrame;

const COMPARISONS: ReadonlySet<string> = new Set(['=', '!=', '>', '>=', '<', '<=', '=~', '!~']);
const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '^']);
const AGGREGATES: ReadonlySet<string> = new Set(['min', 'max', 'sum', 'avg']);
const METRICS = /^(?:rate|compare|(?:count|min|max|sum|avg|histogram|quantile)_over_time)$/;
const STAGES: ReadonlySet<string> = new Set(['by', 'select', 'coalesce']);

export function isComparison(symbol: string): boolean {
  return COMPARISONS.has(symbol);
}

/** The place after tokens that the tolerant lexer has read. */
export function placeAfter(tokens: readonly Token[]): Place {
  const frames: Frame[] = [newStages(undefined)];
  for (const token of tokens) {
    const frame = frames.at(-1);
    if (frame === undefined) return { expects: 'nothing' };
    if (frame.kind === 'stages') readInStages(frames, frame, token);
    else if (frame.kind === 'field') readInField(frames, frame, token);
    else readInCall(frames, frame, token);
  }
  const frame = frames.at(-1);
  if (frame === undefined) return { expects: 'nothing' };
  switch (frame.kind) {
    case 'stages':
      return placeInStages(frame);
    case 'field':
      return placeInField(frame);
    case 'call':
      return placeInCall(frame);
  }
}

function newStages(closing: ')' | undefined): StagesFrame {
  return { kind: 'stages', closing, last: 'start', word: '', hasSeries: false };
}

function readInStages(frames: Frame[], frame: StagesFrame, token: Token): void {
  if (token.type === 'word') {
    frame.last = 'word';
    frame.word = token.text;
  } else if (token.type === 'int' || token.type === 'float' || token.type === 'duration') {
    frame.last = frame.last === 'comparison' ? (frame.hasSeries ? 'series' : 'stage') : 'number';
  } else if (token.type === 'symbol') readSymbolInStages(frames, frame, token.text);
  else frame.last = 'unknown';
}

function readSymbolInStages(frames: Frame[], frame: StagesFrame, symbol: string): void {
  const before = frame.last;
  if (symbol === '{') frames.push({ kind: 'field', closing: '}', wants: 'any', tokens: [] });
  else if (symbol === '(') {
    if (before !== 'word') frames.push(newStages(')'));
    else if (AGGREGATES.has(frame.word) || frame.word === 'by') openField(frames, frame);
    else frames.push({ kind: 'call', name: frame.word, tokens: [], commas: 0 });
  } else if (symbol === ')') close(frames);
  else if (symbol === '}' || symbol === ',') frame.last = 'unknown';
  else if (symbol === '|') frame.last = 'pipe';
  else if (before === 'spansets') frame.last = 'spanset-operator';
  else if (isComparison(symbol)) frame.last = 'comparison';
  else if (ARITHMETIC.has(symbol)) frame.last = before === 'comparison' ? 'comparison' : 'number-operator';
  else frame.last = 'unknown';
}

/** `by(` after metrics takes fields, otherwise an expression, as aggregates do. */
function openField(frames: Frame[], frame: StagesFrame): void {
  if (frame.word === 'by' && frame.hasSeries) frames.push({ kind: 'call', name: 'by', tokens: [], commas: 0 });
  else {
    const wants = frame.word === 'by' ? 'any' : 'number';
    frames.push({ kind: 'field', closing: ')', wants, tokens: [] });
  }
}

/** Ends the innermost bracket and tells the pipeline around it what it was. */
function close(frames: Frame[]): void {
  const closed = frames.pop();
  const outer = frames.at(-1);
  if (outer === undefined || closed === undefined) return;
  if (outer.kind === 'stages') {
    if (closed.kind === 'stages') {
      outer.hasSeries ||= closed.hasSeries;
      outer.last = closed.hasSeries ? 'series' : closed.last === 'number' ? 'number' : 'spansets';
    } else if (closed.kind === 'field' && closed.closing === '}') outer.last = 'spansets';
    else outer.last = lastOfCall(outer, outer.word);
    return;
  }
  // Parentheses inside an expression, or the filter of compare: an operand is complete.
  if (closed.kind === 'field') outer.tokens.push({ type: 'symbol', text: closed.closing, from: 0, to: 0 });
}

function lastOfCall(frame: StagesFrame, name: string): Last {
  if (METRICS.test(name)) {
    frame.hasSeries = true;
    return 'metrics';
  }
  if (name === 'with') return 'hints';
  if (name === 'topk' || name === 'bottomk' || (name === 'by' && frame.hasSeries)) return 'series';
  if (STAGES.has(name)) return 'stage';
  return name === 'count' || AGGREGATES.has(name) ? 'number' : 'unknown';
}

function readInField(frames: Frame[], frame: FieldFrame, token: Token): void {
  if (token.type === 'symbol' && token.text === '(') {
    frames.push({ kind: 'field', closing: ')', wants: frame.wants, tokens: [] });
  } else if (token.type === 'symbol' && (token.text === ')' || token.text === '}')) close(frames);
  else frame.tokens.push(token);
}

function readInCall(frames: Frame[], frame: CallFrame, token: Token): void {
  if (token.type !== 'symbol') frame.tokens.push(token);
  else if (token.text === '{') frames.push({ kind: 'field', closing: '}', wants: 'any', tokens: [] });
  else if (token.text === ')') close(frames);
  else {
    if (token.text === ',') frame.commas++;
    frame.tokens.push(token);
  }
}

function placeInStages({ last, closing, word, hasSeries }: StagesFrame): Place {
  switch (last) {
    case 'start':
      return { expects: 'first-stage' };
    case 'pipe':
      return { expects: hasSeries ? 'series-stage' : 'next-stage' };
    case 'spansets':
      return { expects: 'after-filter', closing };
    case 'number':
      return { expects: 'after-number', closing };
    case 'stage':
      return { expects: 'after-stage', closing };
    case 'metrics':
      return { expects: word === 'compare' ? 'after-series' : 'after-metrics', closing };
    case 'series':
      return { expects: 'after-series', closing };
    case 'spanset-operator':
      return { expects: 'filter' };
    case 'comparison':
    case 'number-operator':
      return { expects: hasSeries && last === 'number-operator' ? 'filter' : 'number' };
    case 'word':
      return { expects: 'open-parenthesis' };
    case 'hints':
    case 'unknown':
      return { expects: 'nothing' };
  }
}

function placeInField({ tokens, closing, wants }: FieldFrame): Place {
  const last = tokens.at(-1);
  const previous = tokens.at(-2);
  if (last === undefined) return { expects: 'operand', wants };
  if (last.type === 'invalid') return { expects: 'nothing' };
  if (last.type === 'symbol' && last.text !== ')') {
    return isComparison(last.text) && previous !== undefined && isOperand(previous)
      ? { expects: 'value', field: previous }
      : { expects: 'operand', wants };
  }
  const isCompared = previous?.type === 'symbol' && isComparison(previous.text);
  if (!isCompared && isField(last)) return { expects: 'comparison', field: last, closing };
  return { expects: 'logical', closing };
}

function placeInCall({ name, tokens, commas }: CallFrame): Place {
  const last = tokens.at(-1);
  const isOpen = last === undefined || (last.type === 'symbol' && last.text === ',');
  if (name === 'with') return placeInHints(tokens);
  switch (name) {
    case 'count':
    case 'rate':
    case 'count_over_time':
    case 'coalesce':
      return { expects: 'argument-end', keywords: [')'] };
    case 'topk':
    case 'bottomk':
      return isOpen ? { expects: 'count' } : { expects: 'argument-end', keywords: [')'] };
    case 'compare':
      if (last === undefined) return { expects: 'filter' };
      return isOpen ? { expects: 'count' } : { expects: 'argument-end', keywords: [')', ','] };
    case 'quantile_over_time':
      if (isOpen) return commas === 0 ? { expects: 'operand', wants: 'number' } : { expects: 'quantile' };
      return { expects: 'argument-end', keywords: commas === 0 ? [', '] : [')', ', '] };
    case 'by':
    case 'select':
      return isOpen ? { expects: 'operand', wants: 'any' } : { expects: 'argument-end', keywords: [')', ', '] };
    default:
      if (!METRICS.test(name)) return { expects: 'nothing' };
      return isOpen ? { expects: 'operand', wants: 'number' } : { expects: 'argument-end', keywords: [')'] };
  }
}

function placeInHints(tokens: readonly Token[]): Place {
  const last = tokens.at(-1);
  if (last === undefined || (last.type === 'symbol' && last.text === ',')) return { expects: 'hint-name' };
  if (last.type === 'symbol') {
    const name = tokens.at(-2);
    return { expects: 'hint-value', hint: name?.type === 'word' ? name.text : '' };
  }
  const before = tokens.at(-2);
  const isValue = before?.type === 'symbol' && before.text !== ',';
  return isValue ? { expects: 'argument-end', keywords: [')', ', '] } : { expects: 'hint-equals' };
}

function isOperand(token: Token): boolean {
  return token.type !== 'symbol' && token.type !== 'invalid' && token.type !== 'end';
}

function isField(token: Token): boolean {
  return token.type === 'attribute' || (token.type === 'word' && INTRINSIC_SPELLINGS.has(token.text));
}
