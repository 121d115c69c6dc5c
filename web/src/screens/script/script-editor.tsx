import type { Script } from '@guildhall/contracts';
import { useEffect, useState } from 'react';
import { useDo, useRead } from '../../api/reading.ts';
import { Editor } from '../../editor/editor.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { guardLeaving } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Conflict } from './conflict.tsx';
import { DeleteScript } from './delete-script.tsx';
import { saveScript } from './save.ts';
import './script.css';
import { scriptTexts } from './texts.ts';

interface ScriptEditorParts {
  /** The version that the editing began from. */
  readonly base: Script;
  /** The last version that was read. */
  readonly current: Script;
  readonly onBase: (base: Script) => void;
}

/** Asks before what was not saved is left behind. */
const useUnsavedGuard = (isDirty: boolean, question: string): void => {
  useEffect(() => {
    if (!isDirty) return;
    const onUnload = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', onUnload);
    // The browser's own question: it is asked where the page could be closed, too.
    const release = guardLeaving(() => window.confirm(question));
    return () => {
      window.removeEventListener('beforeunload', onUnload);
      release();
    };
  }, [isDirty, question]);
};

const nameOf = (script: Script, you: string): string => (script.createdByName === '' ? you : script.createdByName);

const SaveBar = ({
  note,
  isDirty,
  isBusy,
  onNote,
  onSave,
}: {
  readonly note: string;
  readonly isDirty: boolean;
  readonly isBusy: boolean;
  readonly onNote: (note: string) => void;
  readonly onSave: () => void;
}) => {
  const t = useTexts(scriptTexts);
  return (
    <div className="save-bar">
      <input
        aria-label={t.note}
        placeholder={t.note}
        value={note}
        maxLength={1000}
        onChange={(event) => onNote(event.target.value)}
      />
      {isDirty ? <span className="badge warn">{t.unsaved}</span> : null}
      <Button look="main" isBusy={isBusy} disabled={!isDirty} onClick={onSave}>
        {t.save}
      </Button>
    </div>
  );
};

interface HeadParts {
  readonly script: Script;
  readonly onDelete: () => void;
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

const Actions = ({ script, onDelete }: HeadParts) => {
  const t = useTexts(scriptTexts);
  return (
    <>
      <Button look="quiet" onClick={onDelete}>
        {t.remove}
      </Button>
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
const useDraft = (base: Script, onBase: (base: Script) => void) => {
  const [draft, setDraft] = useState<Draft>({ text: base.content, note: '', theirs: null });
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
  drafting: { draft, begin, save },
}: Pick<ScriptEditorParts, 'base' | 'current'> & { readonly drafting: Drafting }) => {
  const t = useTexts(scriptTexts);
  const isDirty = draft.text !== base.content;
  const isOvertaken = current.version > base.version && draft.theirs === null;
  return (
    <>
      <Problem error={save.error} />
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

/** Edits a script. A save on top of a version that is not the last one shows both changes, and loses neither. */
export const ScriptEditor = ({ base, current, onBase }: ScriptEditorParts) => {
  const t = useTexts(scriptTexts);
  const drafting = useDraft(base, onBase);
  const { draft, setDraft, begin, save } = drafting;
  const [isDeleting, setDeleting] = useState(false);
  const isDirty = draft.text !== base.content;
  useUnsavedGuard(isDirty, t.leave);
  const onSave = (content: string): void => {
    if (content !== base.content) save.mutate({ on: base, content });
  };
  return (
    <Page
      title={base.name}
      width="full"
      trail={<Trail script={base} />}
      actions={<Actions script={base} onDelete={() => setDeleting(true)} />}
    >
      <Remarks base={base} current={current} drafting={drafting} />
      <div hidden={draft.theirs !== null}>
        <Editor
          label={t.content}
          text={draft.text}
          language={base.language}
          onChange={(text) => setDraft((now) => ({ ...now, text }))}
          onSave={onSave}
        />
      </div>
      {draft.theirs === null ? (
        <SaveBar
          note={draft.note}
          isDirty={isDirty}
          isBusy={save.isPending}
          onNote={(note) => setDraft((now) => ({ ...now, note }))}
          onSave={() => onSave(draft.text)}
        />
      ) : (
        <Conflict
          base={base}
          mine={draft.text}
          theirs={draft.theirs}
          isBusy={save.isPending}
          onSave={(content) => draft.theirs !== null && save.mutate({ on: draft.theirs, content })}
          onTakeTheirs={() => draft.theirs !== null && begin(draft.theirs)}
          onBack={() => setDraft({ ...draft, theirs: null })}
        />
      )}
      {isDeleting ? <DeleteScript script={base} onClose={() => setDeleting(false)} /> : null}
    </Page>
  );
};
