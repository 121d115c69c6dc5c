import { useState } from 'react';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { submitting, TextArea, TextField } from '../../ui/field.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Notice } from '../../ui/notice.tsx';
import { readFiles, UnreadableFile, type SourceDocument } from './documents.ts';
import { importTexts } from './texts.ts';

const exampleName = 'orders/night.json';

interface ChooseParts {
  readonly onAdd: (documents: readonly SourceDocument[]) => void;
}

/** Takes files as documents. */
const Files = ({ onAdd }: ChooseParts) => {
  const t = useTexts(importTexts);
  const [fault, setFault] = useState<string | null>(null);
  const take = async (files: Iterable<File>): Promise<void> => {
    setFault(null);
    try {
      onAdd(await readFiles(files));
    } catch (error) {
      setFault(error instanceof UnreadableFile ? t.unreadable(error.message) : String(error));
    }
  };
  return (
    <>
      <FileDrop label={t.choose} accept=".json,.jsonc,.txt,application/json" multiple onFiles={(files) => void take(files)} />
      {fault === null ? null : <Notice look="bad">{fault}</Notice>}
    </>
  );
};

const Paste = ({ onAdd }: ChooseParts) => {
  const t = useTexts(importTexts);
  const [draft, setDraft] = useState<SourceDocument>({ name: '', text: '' });
  const add = (): void => {
    onAdd([draft]);
    setDraft({ name: '', text: '' });
  };
  return (
    <details className="paste">
      <summary>{t.paste}</summary>
      <form className="stack" onSubmit={submitting(add)}>
        <TextField
          label={t.name}
          hint={t.nameHint}
          placeholder={exampleName}
          maxLength={200}
          required
          value={draft.name}
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
        <TextArea
          label={t.text}
          className="code"
          rows={10}
          required
          spellCheck={false}
          value={draft.text}
          onChange={(event) => setDraft({ ...draft, text: event.target.value })}
        />
        <div>
          <Button type="submit">{t.add}</Button>
        </div>
      </form>
    </details>
  );
};

/** Takes the documents of an import: files, or a text that is pasted. */
export const Choose = ({ onAdd }: ChooseParts) => (
  <>
    <Files onAdd={onAdd} />
    <Paste onAdd={onAdd} />
  </>
);
