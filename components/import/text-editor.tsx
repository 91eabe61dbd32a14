'use client';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { search, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import {
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
  placeholder,
} from '@codemirror/view';
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import type { PlacedDiagnostic } from '#lib/lvs/report.ts';
import { faultExtension, faultsAtCursor, jumpTo, placeIn, setFaults } from './editor-faults.ts';
import { editorLook } from './editor-look.ts';

export interface TextEditorHandle {
  /** Selects the place of a fault and puts the keyboard there. */
  show(fault: PlacedDiagnostic): void;
}

export interface TextEditorProps {
  readonly ref?: Ref<TextEditorHandle>;
  readonly label: string;
  readonly hint: string;
  /** What stands in it at first; another one replaces all of the text. */
  readonly initial: { readonly id: number; readonly text: string };
  readonly faults: readonly PlacedDiagnostic[];
  /** Called a moment after the last change by the person. */
  readonly onChange: (text: string) => void;
}

/** From the last key to the check. */
const PAUSE_MS = 250;
const MOST_SENTENCES = 3;

/** A text with line numbers and its faults beside it. CodeMirror draws the lines in sight only. */
export function TextEditor({ ref, label, hint, initial, faults, onChange }: TextEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const changed = useRef(onChange);
  changed.current = onChange;
  const [here, setHere] = useState<readonly string[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text is another editor; its undo begins anew
  useEffect(() => {
    if (!place.current) return;
    let pause: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      if (pause === undefined) return;
      clearTimeout(pause);
      pause = undefined;
      changed.current(editor.state.doc.toString());
    };
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: initial.text,
        extensions: [
          faultExtension,
          lineNumbers(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          history(),
          search(),
          keymap.of([...searchKeymap, ...historyKeymap, ...defaultKeymap]),
          placeholder(hint),
          // With a tabindex the part that scrolls counts as reachable by keyboard.
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: 'false', tabindex: '0' }),
          EditorView.updateListener.of((update) => {
            if (update.selectionSet || update.docChanged || update.transactions.length > 0)
              setHere(faultsAtCursor(update.view));
            if (!update.docChanged) return;
            clearTimeout(pause);
            pause = setTimeout(tell, PAUSE_MS);
          }),
          // Whoever leaves for a button wants what stands here now.
          EditorView.domEventHandlers({ blur: tell }),
          editorLook,
        ],
      }),
    });
    view.current = editor;
    return () => {
      clearTimeout(pause);
      editor.destroy();
      view.current = null;
    };
  }, [initial.id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new editor wants the faults again
  useEffect(() => {
    view.current?.dispatch({ effects: setFaults.of(faults) });
  }, [faults, initial.id]);
  useImperativeHandle(ref, () => ({
    show(fault) {
      const editor = view.current;
      if (editor) jumpTo(editor, placeIn(editor.state.doc, fault));
    },
  }));
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div ref={place} className="min-h-0 grow" />
      <p
        aria-live="polite"
        className="line-clamp-2 min-h-9 border-t border-line bg-sunken px-3 py-2 text-sm leading-5"
      >
        {here.length === 0 ? (
          <span className="text-muted">
            F8 goes to the next fault, Shift F8 to the one before, Ctrl F finds a text.
          </span>
        ) : (
          here.slice(0, MOST_SENTENCES).join(' ')
        )}
      </p>
    </div>
  );
}
