/** How the editor looks: the colours of the console, which follow its theme. */
import { EditorView } from '@codemirror/view';

export const editorLook = EditorView.theme({
  '&': {
    height: '100%',
    color: 'var(--text)',
    backgroundColor: 'var(--surface)',
    fontSize: '0.75rem',
  },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.25rem' },
  // The whole editor shows the focus, not the part of it that has the lines.
  '.cm-content': { caretColor: 'var(--text)', padding: '0.5rem 0', outline: 'none' },
  '.cm-line': { padding: '0 0.75rem' },
  '.cm-gutters': {
    color: 'var(--muted)',
    backgroundColor: 'var(--sunken)',
    borderRight: '1px solid var(--line)',
  },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 0.5rem 0 0.25rem', minWidth: '2.5rem' },
  '.cm-activeLine': { backgroundColor: 'color-mix(in srgb, var(--accent-soft) 45%, transparent)' },
  '.cm-activeLineGutter': { color: 'var(--text)', backgroundColor: 'var(--accent-soft)' },
  '.cm-content ::selection': { backgroundColor: 'color-mix(in srgb, var(--focus) 30%, transparent)' },
  '.cm-placeholder': { color: 'var(--muted)', whiteSpace: 'pre-wrap' },
  '.cm-fault-gutter': { width: '1.35rem' },
  '.cm-fault-marker': { display: 'flex', height: '1.25rem', alignItems: 'center', justifyContent: 'center' },
  '.cm-fault-marker svg': { width: '0.9rem', height: '0.9rem' },
  '.cm-fault': {
    textDecorationLine: 'underline',
    textUnderlineOffset: '3px',
    textDecorationSkipInk: 'none',
  },
  '.cm-fault-error': {
    textDecorationStyle: 'wavy',
    textDecorationColor: 'var(--bad)',
    backgroundColor: 'var(--bad-soft)',
  },
  '.cm-fault-warning': { textDecorationStyle: 'dashed', textDecorationColor: 'var(--warn)' },
  '.cm-fault-hint': { textDecorationStyle: 'dotted', textDecorationColor: 'var(--info)' },
  '.cm-tooltip': {
    color: 'var(--text)',
    backgroundColor: 'var(--raised)',
    border: '1px solid var(--line-strong)',
    borderRadius: '0.375rem',
  },
  '.cm-fault-tooltip': {
    maxWidth: '34rem',
    padding: '0.375rem 0.625rem',
    fontFamily: 'var(--font-sans)',
    fontSize: '0.8125rem',
    lineHeight: '1.25rem',
  },
  '.cm-panels': { color: 'var(--text)', backgroundColor: 'var(--sunken)' },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--line)' },
  '.cm-panel.cm-search': { padding: '0.375rem 2rem 0.375rem 0.5rem', fontFamily: 'var(--font-sans)' },
  '.cm-panel.cm-search label': { fontSize: '0.8125rem' },
  '.cm-textfield, .cm-button': {
    color: 'var(--text)',
    background: 'var(--surface)',
    border: '1px solid var(--line-strong)',
    borderRadius: '0.375rem',
    fontSize: '0.8125rem',
  },
  '.cm-searchMatch': { backgroundColor: 'var(--warn-soft)', outline: '1px solid var(--warn)' },
  '.cm-searchMatch.cm-searchMatch-selected': { backgroundColor: 'var(--accent-soft)' },
});
