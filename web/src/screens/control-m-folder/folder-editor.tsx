import { useState } from 'react';
import { useRead } from '../../api/reading.ts';
import { FindingCounts, Findings, type Finding } from '../../control-m/findings.tsx';
import type { FolderSource } from '../../control-m/folder-source.ts';
import { Editor, type Place } from '../../editor/editor.tsx';
import { ThreeWayLater } from '../../editor/later.tsx';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { useUnsavedGuard } from '../../router/unsaved.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { Loading } from '../../ui/states.tsx';
import { workspaceAddress } from '../../workspace/frame.tsx';
import { DeleteFolder } from './delete-folder.tsx';
import { ConfirmSave, Remarks } from './remarks.tsx';
import { RenameFolder } from './rename-folder.tsx';
import { folderTexts } from './texts.ts';
import { jsonFault, useDraft, type Drafting, type EditedFolder } from './use-draft.ts';
import { useFindings } from './use-findings.ts';

const Trail = ({ folder }: { readonly folder: FolderSource }) => {
  const t = useTexts(folderTexts);
  const format = useFormat();
  const workspace = useRead('getWorkspace', { params: { workspaceId: folder.workspaceId } });
  const who = folder.createdByName === '' ? t.you : folder.createdByName;
  return (
    <>
      <Link to={workspaceAddress(folder.workspaceId, 'control-m')}>{workspace.data?.name ?? '…'}</Link> /{' '}
      {t.jobs(folder.jobCount)} · {t.version(folder.version)} {t.by(who, format.ago(folder.updatedAt))}
    </>
  );
};

type Opened = 'rename' | 'delete' | null;

const Actions = ({ folder, onOpen }: { readonly folder: FolderSource; readonly onOpen: (opened: Opened) => void }) => {
  const t = useTexts(folderTexts);
  return (
    <>
      <Button look="quiet" onClick={() => onOpen('delete')}>
        {t.remove}
      </Button>
      <Button onClick={() => onOpen('rename')}>{t.rename}</Button>
      <Link
        className="button plain"
        to={workspaceAddress(folder.workspaceId, `control-m/jobs?q=${encodeURIComponent(folder.name)}`)}
      >
        {t.inTable}
      </Link>
      <Link className="button plain" to={workspaceAddress(folder.workspaceId, `control-m/folders/${folder.id}/history`)}>
        {t.history}
      </Link>
    </>
  );
};

interface SourceParts {
  readonly base: FolderSource;
  readonly drafting: Drafting;
}

interface FindingListParts {
  readonly findings: readonly Finding[] | undefined;
  readonly isDraft: boolean;
  readonly onPlace: (place: Place) => void;
}

const FindingList = ({ findings, isDraft, onPlace }: FindingListParts) => {
  const t = useTexts(folderTexts);
  return (
    <section aria-labelledby="findings">
      <h2 id="findings">
        {isDraft ? t.checkedDraft : t.findings} <FindingCounts findings={findings ?? []} />
      </h2>
      {findings === undefined ? (
        <Loading lines={2} />
      ) : (
        <Findings findings={findings} onPlace={({ line, column }) => onPlace({ line, column })} />
      )}
    </section>
  );
};

/** The text with its findings, and the save. */
const Source = ({ base, drafting: { draft, setDraft, save } }: SourceParts) => {
  const t = useTexts(folderTexts);
  const [place, setPlace] = useState<Place | null>(null);
  const findings = useFindings(base, draft.text);
  const isDirty = draft.text !== base.text;
  const fault = isDirty ? jsonFault(draft.text) : null;
  const onSave = (text: string): void => {
    if (text !== base.text && jsonFault(text) === null) save.mutate({ on: base, text, isSeen: false });
  };
  return (
    <>
      <Editor
        label={t.content}
        text={draft.text}
        language="json"
        place={place}
        onChange={(text) => setDraft((now) => ({ ...now, text }))}
        onSave={onSave}
      />
      <SaveBar
        note={draft.note}
        isDirty={isDirty}
        isBusy={save.isPending}
        isReady={fault === null}
        onNote={(note) => setDraft((now) => ({ ...now, note }))}
        onSave={() => onSave(draft.text)}
      />
      {fault === null ? null : <Notice look="warn">{t.noJson(fault)}</Notice>}
      <FindingList findings={findings} isDraft={isDirty} onPlace={setPlace} />
    </>
  );
};

const Overtaken = ({ base, drafting: { draft, setDraft, begin, save } }: SourceParts) => {
  const t = useTexts(folderTexts);
  const { theirs } = draft;
  if (theirs === null) return null;
  return (
    <>
      <Notice look="warn" title={t.conflictTitle}>
        <p>{t.conflictText(theirs.createdByName === '' ? t.someone : theirs.createdByName, theirs.version)}</p>
      </Notice>
      <ThreeWayLater
        base={base.text}
        mine={draft.text}
        theirs={theirs.text}
        language="json"
        isBusy={save.isPending}
        onSave={(text) => save.mutate({ on: theirs, text, isSeen: false })}
        onTakeTheirs={() => begin(theirs)}
      >
        <Button onClick={() => setDraft({ ...draft, theirs: null })}>{t.back}</Button>
      </ThreeWayLater>
    </>
  );
};

/** Edits the text of a folder. What a save, a new name or a deletion touches elsewhere is shown before it is done. */
export const FolderEditor = (parts: EditedFolder) => {
  const { base } = parts;
  const t = useTexts(folderTexts);
  const drafting = useDraft(parts);
  const [opened, setOpened] = useState<Opened>(null);
  useUnsavedGuard(drafting.draft.text !== base.text, t.leave);
  const close = (): void => setOpened(null);
  return (
    <Page title={base.name} width="full" trail={<Trail folder={base} />} actions={<Actions folder={base} onOpen={setOpened} />}>
      <Remarks {...parts} drafting={drafting} />
      {drafting.draft.theirs === null ? (
        <Source base={base} drafting={drafting} />
      ) : (
        <Overtaken base={base} drafting={drafting} />
      )}
      <ConfirmSave base={base} drafting={drafting} />
      {opened === 'rename' ? <RenameFolder folder={base} onClose={close} onSaved={drafting.onSaved} /> : null}
      {opened === 'delete' ? <DeleteFolder folder={base} onClose={close} /> : null}
    </Page>
  );
};
