import { useState } from 'react';
import { faultOf } from '../../api/problem.ts';
import { useDo } from '../../api/reading.ts';
import { saveChange, tryChange, type FolderSource, type SavedFolder } from '../../control-m/folder-source.ts';
import { FolderImpact } from '../../control-m/impact.tsx';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { submitting, TextField } from '../../ui/field.tsx';
import { Problem } from '../../ui/notice.tsx';
import { folderTexts } from './texts.ts';

interface RenameParts {
  readonly folder: FolderSource;
  readonly onClose: () => void;
  readonly onSaved: (saved: SavedFolder) => void;
}

/** Renames a folder, after a look at what that touches. */
export const RenameFolder = ({ folder, onClose, onSaved }: RenameParts) => {
  const t = useTexts(folderTexts);
  const [name, setName] = useState(folder.name);
  const attempt = useDo((wanted: string) => tryChange(folder, { name: wanted }));
  const renaming = useDo(
    (wanted: string) => saveChange(folder, { name: wanted }),
    (saved) => {
      onSaved(saved);
      onClose();
    },
  );
  const isTried = attempt.data !== undefined && attempt.variables === name.trim();
  return (
    <Dialog title={t.rename} onClose={onClose}>
      <form className="stack" onSubmit={submitting(() => (isTried ? renaming.mutate(name.trim()) : attempt.mutate(name.trim())))}>
        <Problem error={renaming.error ?? attempt.error} />
        <TextField
          label={t.name}
          value={name}
          fault={faultOf(attempt.error, 'name')}
          maxLength={200}
          required
          onChange={(event) => setName(event.target.value)}
        />
        {isTried && attempt.data !== undefined ? <FolderImpact impact={attempt.data} /> : null}
        <div>
          <Button
            type="submit"
            look={isTried ? 'main' : 'plain'}
            isBusy={attempt.isPending || renaming.isPending}
            disabled={name.trim() === folder.name}
          >
            {isTried ? t.renameYes : t.tryRename}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};
