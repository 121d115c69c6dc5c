import { FolderImpact } from '../../control-m/impact.tsx';
import { RestoredDraft } from '../../editor/restored-draft.tsx';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { folderTexts } from './texts.ts';
import type { Drafting, EditedFolder } from './use-draft.ts';

interface RemarksParts extends Pick<EditedFolder, 'base' | 'current' | 'keptText'> {
  readonly drafting: Drafting;
}

/** Remarks on the state of the text: saved, overtaken, refused. */
export const Remarks = ({ base, current, keptText, drafting: { draft, begin, save } }: RemarksParts) => {
  const t = useTexts(folderTexts);
  const isDirty = draft.text !== base.text;
  const isOvertaken = current.version > base.version && draft.theirs === null;
  return (
    <>
      <Problem error={save.error} />
      {isDirty && draft.text === keptText ? <RestoredDraft onDrop={() => begin(current)} /> : null}
      {save.data !== undefined && 'folder' in save.data && !isDirty ? (
        <Notice look="good">{t.saved(save.data.folder.version)}</Notice>
      ) : null}
      {isOvertaken ? (
        <Notice look="warn">
          <p>{t.newer(current.createdByName === '' ? t.solo : current.createdByName, current.version)}</p>
          {isDirty ? null : <Button onClick={() => begin(current)}>{t.show}</Button>}
        </Notice>
      ) : null}
    </>
  );
};

/** Shows what a save touches beyond its folder, and asks whether it is to be saved all the same. */
export const ConfirmSave = ({ base, drafting: { draft, setDraft, save } }: Pick<RemarksParts, 'base' | 'drafting'>) => {
  const t = useTexts(folderTexts);
  if (draft.impact === null) return null;
  const close = (): void => setDraft((now) => ({ ...now, impact: null }));
  const on = draft.theirs ?? base;
  return (
    <Dialog title={t.isChanged} onClose={close}>
      <div className="stack">
        <FolderImpact impact={draft.impact} />
        <div className="buttons">
          <Button
            look="main"
            isBusy={save.isPending}
            onClick={() => {
              close();
              save.mutate({ on, text: save.variables?.text ?? draft.text, isSeen: true });
            }}
          >
            {t.saveAnyway}
          </Button>
          <Button onClick={close}>{t.back}</Button>
        </div>
      </div>
    </Dialog>
  );
};
