import { lex } from '@clew/traceql/lex';

/** A piece of the query text and how it is shown. All pieces together are the text. */
export interface QueryPiece {
  readonly from: number;
  readonly text: string;
  readonly kind: 'plain' | 'attribute' | 'string' | 'number' | 'keyword' | 'symbol';
  /** Whether it lies in the range of the error. */
  readonly wrong: boolean;
}

/** Cuts a query text, finished or not, into pieces to be coloured; `wrong` is underlined. */
export function highlightQuery(
  text: string,
  wrong: { readonly from: number; readonly to: number } | undefined,
): readonly QueryPiece[] {
  const pieces: QueryPiece[] = [];
  const isWrong = (from: number, to: number): boolean => wrong !== undefined && from < wrong.to && to > wrong.from;
  const push = (from: number, to: number, kind: QueryPiece['kind']): void => {
    if (to <= from) return;
    // An error's edges cut pieces, so that exactly its range is underlined.
    const cuts = [from, wrong?.from ?? from, wrong?.to ?? from, to].filter((cut) => cut >= from && cut <= to);
    const edges = [...new Set(cuts)].sort((a, b) => a - b);
    for (let at = 0; at + 1 < edges.length; at++) {
      const [start, end] = [edges[at], edges[at + 1]];
      pieces.push({ from: start, text: text.slice(start, end), kind, wrong: isWrong(start, end) });
    }
  };
  let done = 0;
  for (const token of tokensOf(text)) {
    push(done, token.from, 'plain');
    push(token.from, token.to, token.kind);
    done = Math.max(done, token.to);
  }
  push(done, text.length, 'plain');
  return pieces;
}

function tokensOf(text: string): { from: number; to: number; kind: QueryPiece['kind'] }[] {
  try {
    return lex(text, { tolerant: true })
      .filter((token) => token.type !== 'end')
      .map((token) => ({ from: token.from, to: token.to, kind: kindOf(token.type) }));
  } catch {
    return []; // Longer than a query may be: shown plain.
  }
}

function kindOf(type: string): QueryPiece['kind'] {
  switch (type) {
    case 'attribute':
    case 'bare-attribute':
      return 'attribute';
    case 'string':
      return 'string';
    case 'int':
    case 'float':
    case 'duration':
      return 'number';
    case 'word':
      return 'keyword';
    case 'symbol':
      return 'symbol';
    default:
      return 'plain';
  }
}
