import { EditorView } from '@codemirror/view';

/**
 * Look of the editor as CSS variables of the page, each with a value of its own: `--traceql-font`, `-text`,
 * `-background`, `-muted`, `-accent`, `-selection`, `-border`, `-wrong`, and `-lines` (lines before it scrolls).
 */
export const traceqlTheme = EditorView.theme({
  '&': {
    color: 'var(--traceql-text, light-dark(#1b1f24, #e6e9ee))',
    backgroundColor: 'transparent',
  },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    maxHeight: 'calc(var(--traceql-lines, 6) * 20px)',
    fontFamily: 'var(--traceql-font, ui-monospace, monospace)',
    fontSize: '13px',
    lineHeight: '20px',
    overflow: 'auto',
  },
  '.cm-content': { padding: '0', caretColor: 'var(--traceql-text, light-dark(#1b1f24, #e6e9ee))' },
  '.cm-line': { padding: '0' },
  '.cm-placeholder': { color: 'var(--traceql-muted, light-dark(#57606a, #a3adba))' },
  '.cm-cursor': { borderLeftColor: 'var(--traceql-text, light-dark(#1b1f24, #e6e9ee))' },
  '&.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--traceql-selection, light-dark(#cfe2fb, #24456d))',
    color: 'inherit',
  },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'transparent' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--traceql-wrong, light-dark(#c01c28, #ff6b66))',
    textUnderlineOffset: '3px',
  },
  '.cm-tooltip': {
    border: '1px solid var(--traceql-border, light-dark(#8a94a0, #5c6673))',
    borderRadius: '4px',
    backgroundColor: 'var(--traceql-background, light-dark(#ffffff, #0f1216))',
    color: 'var(--traceql-text, light-dark(#1b1f24, #e6e9ee))',
    boxShadow: '0 6px 24px var(--traceql-shadow, light-dark(#1b1f2433, #000000aa))',
    zIndex: '10',
  },
  '.cm-tooltip-lint': { maxWidth: 'min(480px, 90vw)', padding: '2px' },
  '.cm-diagnostic': { fontSize: '12px', lineHeight: '18px', borderLeftColor: 'var(--traceql-wrong, #c01c28)' },
  '.cm-diagnosticSource': { display: 'none' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    width: 'min(480px, 92vw)',
    maxWidth: 'none',
    maxHeight: '300px',
    padding: '4px',
    fontFamily: 'var(--traceql-font, ui-monospace, monospace)',
    fontSize: '12px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex',
    alignItems: 'center',
    gap: '12px',
    minHeight: '26px',
    padding: '0 8px',
    borderRadius: '3px',
    lineHeight: '20px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li:hover': {
    backgroundColor: 'var(--traceql-hover, light-dark(#eceef2, #20262e))',
  },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--traceql-chosen, light-dark(#e7f0fd, #16263a)) !important',
    boxShadow: 'inset 2px 0 var(--traceql-accent, light-dark(#0b5fd0, #6cb0ff))',
    color: 'inherit !important',
  },
  '.cm-completionLabel': { flex: '1', minWidth: '0', overflow: 'hidden', textOverflow: 'ellipsis' },
  '.cm-completionDetail': {
    marginLeft: '0',
    color: 'var(--traceql-muted, light-dark(#57606a, #a3adba))',
    fontStyle: 'normal',
    fontSize: '11px',
  },
});

/** The selection, apart because the browser draws it. */
export const traceqlSelection = EditorView.theme({
  '.cm-content ::selection, .cm-line::selection, .cm-line ::selection': {
    backgroundColor: 'var(--traceql-selection, light-dark(#cfe2fb, #24456d))',
  },
});
