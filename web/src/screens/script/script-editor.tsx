import type { Script } from '@guildhall/contracts';
import { useState } from 'react';
import { useDo, useRead } from '../../api/reading.ts';
import { Editor } from '../../editor/editor.tsx';
import { useKeptDraft } from '../../editor/kept-drafts.ts';
import { RestoredDraft } from '../../editor/restored-draft.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { useUnsavedGuard } from '../../router/unsaved.ts';
import { Button } from '../../ui/button.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { Conflict } from './conflict.tsx';
import { DeleteScript } from './delete-script.tsx';
import { DescribeScript } from './describe-script.tsx';
import { RenameScript } from './rename-script.tsx';
import { RunBy } from './run-by.tsx';
import { saveScript } from './save.ts';
import { scriptTexts } from './texts.ts';

interface ScriptEditorParts {
  /** The version that the editing began from. */
  readonly base: Script;
  /** The last version that was read. */
  readonly current: Script;
  /** The text of an earlier look at this page that was not saved; null for none. */
  readonly keptText: string | null;
  readonly onBase: (base: Script) => void;
}

const nameOf = (script: Script, you: string): string => (script.createdByName === '' ? you : script.createdByName);

type Opened = 'rename' | 'delete' | 'describe' | null;

interface HeadParts {
  readonly script: Script;
  readonly onOpen: (opened: Opened) => void;
}

const Trail = ({ script }: Pick<HeadParts, 'script'>) => {
  const t = useTexts(scriptTexts);
  const format = useFormat();
  const workspace = useRead('getWorkspace', { params: { workspaceId: script.workspaceId } });
  return (
    <>
      <Link to={`/app/workspaces/${script.workspaceId}`}>{workspace.data?.name ?? '…'}</Link> / {script.language} ·{' '}
      {t.version(script.version)} {t.by(nameOf(script, t.you), format.ago(script.updatedAt))}
    </>
  );
};

const Actions = ({ script, onOpen }: HeadParts) => {
  const t = useTexts(scriptTexts);
  return (
    <>
      <Button look="quiet" onClick={() => onOpen('delete')}>
        {t.remove}
      </Button>
      <Button onClick={() => onOpen('describe')}>{t.describe}</Button>
      <Button onClick={() => onOpen('rename')}>{t.rename}</Button>
      <Link className="button plain" to={`/app/workspaces/${script.workspaceId}/scripts/${script.id}/history`}>
        {t.history}
      </Link>
    </>
  );
};

interface Draft {
  readonly text: string;
  readonly note: string;
  /** The version that somebody else saved in between, when a save met it. */
  readonly theirs: Script | null;
}

/** The text under the hands with its saves: what was saved is the next base. */
const useDraft = ({ base, keptText, onBase }: ScriptEditorParts) => {
  const [draft, setDraft] = useState<Draft>({ text: keptText ?? base.content, note: '', theirs: null });
  useKeptDraft(base.id, { base, text: draft.text }, draft.text !== base.content);
  const begin = (from: Script): void => {
    onBase(from);
    setDraft({ text: from.content, note: '', theirs: null });
  };
  const save = useDo(
    ({ on, content }: { readonly on: Script; readonly content: string }) => saveScript(on, content, draft.note),
    (saved) => {
      if ('theirs' in saved) return setDraft((now) => ({ ...now, theirs: saved.theirs }));
      onBase(saved.script);
      // What was typed while the save was under way stays; a merged text takes the place of the own one.
      setDraft((now) => ({ text: now.theirs === null ? now.text : saved.script.content, note: '', theirs: null }));
    },
  );
  return { draft, setDraft, begin, save };
};

type Drafting = ReturnType<typeof useDraft>;

const Remarks = ({
  base,
  current,
  keptText,
  drafting: { draft, begin, save },
}: Omit<ScriptEditorParts, 'onBase'> & { readonly drafting: Drafting }) => {
  const t = useTexts(scriptTexts);
  const isDirty = draft.text !== base.content;
  const isOvertaken = current.version > base.version && draft.theirs === null;
  return (
    <>
      <Problem error={save.error} />
      {isDirty && draft.text === keptText ? <RestoredDraft onDrop={() => begin(current)} /> : null}
      {save.data !== undefined && 'script' in save.data && !isDirty ? (
        <Notice look="good">{t.saved(save.data.script.version)}</Notice>
      ) : null}
      {isOvertaken ? (
        <Notice look="warn">
          <p>{t.newer(nameOf(current, t.solo), current.version)}</p>
          {isDirty ? null : <Button onClick={() => begin(current)}>{t.show}</Button>}
        </Notice>
      ) : null}
    </>
  );
};

interface TextParts {
  readonly base: Script;
  readonly drafting: Drafting;
}

/** The text with its save; or, where somebody else saved in between, the two together. */
const Source = ({ base, drafting: { draft, setDraft, begin, save } }: TextParts) => {
  const t = useTexts(scriptTexts);
  const { theirs } = draft;
  const onSave = (content: string): void => {
    if (content !== base.content) save.mutate({ on: base, content });
  };
  return (
    <>
      <div hidden={theirs !== null}>
        <Editor
          label={t.content}
          text={draft.text}
          language={base.language}
          onChange={(text) => setDraft((now) => ({ ...now, text }))}
          onSave={onSave}
        />
      </div>
      {theirs === null ? (
        <SaveBar
          note={draft.note}
          isDirty={draft.text !== base.content}
          isBusy={save.isPending}
          onNote={(note) => setDraft((now) => ({ ...now, note }))}
          onSave={() => onSave(draft.text)}
        />
      ) : (
        <Conflict
          base={base}
          mine={draft.text}
          theirs={theirs}
          isBusy={save.isPending}
          onSave={(content) => save.mutate({ on: theirs, content })}
          onTakeTheirs={() => begin(theirs)}
          onBack={() => setDraft({ ...draft, theirs: null })}
        />
      )}
    </>
  );
};

/** Edits a script. A save on top of a version that is not the last one shows both changes, and loses neither. */
export const ScriptEditor = (parts: ScriptEditorParts) => {
  const { base, onBase } = parts;
  const t = useTexts(scriptTexts);
  const drafting = useDraft(parts);
  const [opened, setOpened] = useState<Opened>(null);
  useUnsavedGuard(drafting.draft.text !== base.content, t.leave);
  const close = (): void => setOpened(null);
  return (
    <Page title={base.name} width="full" trail={<Trail script={base} />} actions={<Actions script={base} onOpen={setOpened} />}>
      <Remarks {...parts} drafting={drafting} />
      <Source base={base} drafting={drafting} />
      <RunBy script={base} />
      {opened === 'delete' ? <DeleteScript script={base} onClose={close} /> : null}
      {opened === 'describe' ? <DescribeScript script={base} onClose={close} onSaved={onBase} /> : null}
      {opened === 'rename' ? <RenameScript script={base} onClose={close} onRenamed={onBase} /> : null}
    </Page>
  );
};
