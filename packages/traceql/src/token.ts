import type { TraceqlError } from './traceql-error.ts';
import type { AttributeScope, TextRange } from './tree.ts';

/** One lexeme of the whole language, pipelines and metrics included. */
export type Token = TextRange &
  /** `error` only when the lexer was asked to go on after an error: an unfinished string still has a beginning. */
  (
    | {
        readonly type: 'string';
        readonly value: string;
        readonly closed: boolean;
        readonly error: TraceqlError | undefined;
      }
    | { readonly type: 'int'; readonly value: bigint }
    | { readonly type: 'float'; readonly value: number }
    /** Nanoseconds. */
    | { readonly type: 'duration'; readonly value: bigint }
    | {
        readonly type: 'attribute';
        readonly scope: AttributeScope;
        readonly key: string;
        /** Written `parent.key`, `parent.span.key` or `parent.resource.key`. */
        readonly ofParent: boolean;
      }
    /** A keyword, an intrinsic (`name`, `span:name`), a function, or something unknown. */
    | { readonly type: 'word'; readonly text: string }
    /** A dotted word without a scope, as in `http.method`: never right, but worth a good hint. */
    | { readonly type: 'bare-attribute'; readonly text: string }
    | { readonly type: 'symbol'; readonly text: string }
    /** Only when the lexer was asked to go on after an error. */
    | { readonly type: 'invalid'; readonly error: TraceqlError }
    | { readonly type: 'end' }
  );

/** Symbols, longest first so that the first match is the longest. */
export const SYMBOLS: readonly string[] = [
  ...['!>>', '!<<', '&>>', '&<<'],
  ...['=~', '!~', '!=', '>=', '<=', '&&', '||', '>>', '<<', '!>', '!<', '&>', '&<', '&~'],
  ...['{', '}', '(', ')', ',', '=', '<', '>', '!', '~', '+', '-', '*', '/', '%', '^', '|', '&'],
];

/** What ends an attribute name besides white space. `- + * / % : @ .` are part of the name. */
export const ATTRIBUTE_END = /[\s{}()=~!<>&|^,]/;
