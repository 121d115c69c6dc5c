import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { unifiedMergeView } from '@codemirror/merge';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { loadLanguage } from './languages.ts';
import { look } from './look.ts';
import './editor.css';

export interface EditorParts {
  /** Its name for screen readers. */
  readonly label: string;
  /** The text at first; a new one replaces what is in the editor. */
  readonly text: string;
  readonly language: string;
  readonly onChange?: (text: string) => void;
  /** Is given the text as it stands in the editor: what was typed last may not be drawn yet. */
  readonly onSave?: (text: string) => void;
  readonly isReadOnly?: boolean;
  /** Shows how the text differs from another one, and has a button that takes each place of that. */
  readonly original?: { readonly text: string; readonly take: string };
}

const basics = [
  lineNumbers(),
  history(),
  drawSelection(),
  indentOnInput(),
  bracketMatching(),
  highlightActiveLine(),
  highlightActiveLineGutter(),
  highlightSelectionMatches(),
  look,
];

/** The keys of the editor. Tab leaves it, as it leaves any field; Escape and then Tab does so in every mode. */
const keys = (onSave: (text: string) => void): Extension =>
  keymap.of([
    {
      key: 'Mod-s',
      preventDefault: true,
      run: ({ state }) => {
        onSave(state.doc.toString());
        return true;
      },
    },
    ...searchKeymap,
    ...historyKeymap,
    ...defaultKeymap,
  ]);

/** The difference to another text; each place has one button. */
const differing = ({ text, take }: NonNullable<EditorParts['original']>): Extension =>
  unifiedMergeView({
    original: text,
    highlightChanges: false,
    gutter: false,
    mergeControls: (type, action) => {
      if (type === 'accept') return document.createElement('span');
      const button = document.createElement('button');
      button.textContent = take;
      button.addEventListener('mousedown', action);
      return button;
    },
  });

const extensionsOf = (
  parts: EditorParts,
  language: Compartment,
  on: { change: (text: string) => void; save: (text: string) => void },
): Extension => [
  basics,
  keys(on.save),
  language.of([]),
  EditorState.readOnly.of(parts.isReadOnly === true),
  EditorView.contentAttributes.of({ 'aria-label': parts.label }),
  EditorView.updateListener.of((update) => {
    if (update.docChanged) on.change(update.state.doc.toString());
  }),
  parts.original === undefined ? [] : differing(parts.original),
];

/** A text editor. It lives in a shadow root: there its styles are sheets of the document, which the page's policy permits. */
export const Editor = (parts: EditorParts) => {
  const { text, language } = parts;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef(parts);
  const compartment = useRef(new Compartment());
  useLayoutEffect(() => {
    latest.current = parts;
  });
  useEffect(() => {
    const place = host.current;
    if (place === null) return;
    const root = place.shadowRoot ?? place.attachShadow({ mode: 'open' });
    const on = {
      change: (next: string) => latest.current.onChange?.(next),
      save: (next: string) => latest.current.onSave?.(next),
    };
    const { text: doc } = latest.current;
    const state = EditorState.create({ doc, extensions: extensionsOf(latest.current, compartment.current, on) });
    const created = new EditorView({ state, parent: root, root });
    view.current = created;
    return () => created.destroy();
  }, []);
  useEffect(() => {
    const editor = view.current;
    if (editor === null || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);
  useEffect(() => {
    let isOver = false;
    const colour = async (): Promise<void> => {
      const extension = await loadLanguage(language);
      if (!isOver) view.current?.dispatch({ effects: compartment.current.reconfigure(extension) });
    };
    void colour();
    return () => {
      isOver = true;
    };
  }, [language]);
  return <div className="editor" ref={host} />;
};
