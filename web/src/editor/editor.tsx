import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, indentOnInput } from '@codemirror/language';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Extension } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import { useEffect, useLayoutEffect, useRef, type RefObject } from 'react';
import { loadLanguage } from './languages.ts';
import { look } from './look.ts';
import './editor.css';

export interface Place {
  readonly line: number;
  readonly column: number;
}

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
  /** Moves the cursor there, counted from 1; a new object moves it again. */
  readonly place?: Place | null;
  /** An addition to the editor, from its first drawing on. */
  readonly extension?: Extension;
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
        onSave(state.sliceDoc());
        return true;
      },
    },
    ...searchKeymap,
    ...historyKeymap,
    ...defaultKeymap,
  ]);

/** The line break of a text: carriage returns of lines that end otherwise are kept as characters, so that no byte changes by itself. */
const lineBreakOf = (text: string): string => (/\r\n/.test(text) && !/(?:^|[^\r])\n/.test(text) ? '\r\n' : '\n');

const goTo = (view: EditorView, { line, column }: Place): void => {
  const { doc } = view.state;
  const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines));
  view.dispatch({
    selection: { anchor: Math.min(from + column - 1, to) },
    effects: EditorView.scrollIntoView(from, { y: 'center' }),
  });
  view.focus();
};

const extensionsOf = (
  parts: EditorParts,
  language: Compartment,
  on: { change: (text: string) => void; save: (text: string) => void },
): Extension => [
  basics,
  keys(on.save),
  language.of([]),
  EditorState.lineSeparator.of(lineBreakOf(parts.text)),
  EditorState.readOnly.of(parts.isReadOnly === true),
  EditorView.contentAttributes.of({ 'aria-label': parts.label, tabindex: '0' }),
  EditorView.updateListener.of((update) => {
    if (update.docChanged) on.change(update.state.sliceDoc());
  }),
  parts.extension ?? [],
];

interface Mounted {
  readonly host: RefObject<HTMLDivElement | null>;
  readonly view: RefObject<EditorView | null>;
  readonly language: RefObject<Compartment>;
}

/** Makes the view in the shadow root of its host; listeners of later drawings are called. */
const useView = (parts: EditorParts): Mounted => {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef(parts);
  const language = useRef(new Compartment());
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
    const state = EditorState.create({ doc, extensions: extensionsOf(latest.current, language.current, on) });
    const created = new EditorView({ state, parent: root, root });
    view.current = created;
    return () => created.destroy();
  }, []);
  return { host, view, language };
};

const useColours = ({ view, language }: Mounted, name: string): void => {
  useEffect(() => {
    let isOver = false;
    const colour = async (): Promise<void> => {
      const extension = await loadLanguage(name);
      if (!isOver) view.current?.dispatch({ effects: language.current.reconfigure(extension) });
    };
    void colour();
    return () => {
      isOver = true;
    };
  }, [view, language, name]);
};

/** A text editor. It lives in a shadow root: there its styles are sheets of the document, which the page's policy permits. */
export const Editor = (parts: EditorParts) => {
  const { text, language, place = null } = parts;
  const mounted = useView(parts);
  const { host, view } = mounted;
  useEffect(() => {
    const editor = view.current;
    if (editor === null || editor.state.sliceDoc() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [view, text]);
  useColours(mounted, language);
  useEffect(() => {
    if (place !== null && view.current !== null) goTo(view.current, place);
  }, [view, place]);
  return <div className="editor" ref={host} />;
};
