import { saveChange, tryChange, type FolderSource, type SavedFolder } from '../../control-m/folder-source.ts';
import { FolderImpact } from '../../control-m/impact.tsx';
import { RenameDialog } from '../../control-m/rename-dialog.tsx';
import { useTexts } from '../../i18n/texts.ts';
import { folderTexts } from './texts.ts';

interface RenameParts {
  readonly folder: FolderSource;
  readonly onClose: () => void;
  readonly onSaved: (saved: SavedFolder) => void;
}

/** Renames a folder, after a look at what that touches. */
export const RenameFolder = ({ folder, onClose, onSaved }: RenameParts) => (
  <RenameDialog
    texts={useTexts(folderTexts)}
    name={folder.name}
    attempt={(name: string) => tryChange(folder, { name })}
    view={FolderImpact}
    run={(name) => saveChange(folder, { name })}
    onDone={onSaved}
    onClose={onClose}
  />
);
