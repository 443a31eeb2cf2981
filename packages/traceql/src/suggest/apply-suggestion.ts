import type { CompletionContext } from '../completion.ts';
import type { Suggestion } from './build-suggestions.ts';

/** One change of a text, and where the cursor then stands. */
export interface SuggestionEdit {
  /** UTF-16 offsets of what is replaced. */
  readonly from: number;
  readonly to: number;
  readonly insert: string;
  readonly cursor: number;
}

/** Puts a suggestion in so that one can write on: a space behind a whole word, none behind `span.` or `count(`. */
export function applySuggestion(
  text: string,
  context: Pick<CompletionContext, 'from' | 'to'>,
  suggestion: Pick<Suggestion, 'insert'>,
): SuggestionEdit {
  const { from, to } = context;
  const { insert } = suggestion;
  const rest = text.slice(to);
  // `count()`: the cursor goes behind the parentheses, `avg(` goes on inside.
  const goesOn = /(?:[.(\s]|\w=)$/.test(insert);
  const gap = goesOn || /^[\s),]/.test(rest) ? '' : ' ';
  // A space that is already there is stepped over, so that the next suggestion follows at once.
  const step = goesOn ? 0 : gap.length + (/^\s/.test(rest) ? 1 : 0);
  return { from, to, insert: insert + gap, cursor: from + insert.length + step };
}
