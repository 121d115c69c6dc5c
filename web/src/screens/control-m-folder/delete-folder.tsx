import { DeleteDialog } from '../../control-m/delete-dialog.tsx';
import { deleteFolder, tryDelete, type FolderSource } from '../../control-m/folder-source.ts';
import { FolderImpact } from '../../control-m/impact.tsx';
import { useTexts } from '../../i18n/texts.ts';
import { navigate } from '../../router/router.ts';
import { workspaceAddress } from '../../workspace/frame.tsx';
import { folderTexts } from './texts.ts';

/** Deletes a folder, after a look at what waits for it. */
export const DeleteFolder = ({ folder, onClose }: { readonly folder: FolderSource; readonly onClose: () => void }) => {
  const t = useTexts(folderTexts);
  return (
    <DeleteDialog
      title={folder.name}
      text={t.removeText}
      action={t.removeYes}
      item={folder}
      attempt={() => tryDelete(folder)}
      view={FolderImpact}
      run={() => deleteFolder(folder)}
      onDone={() => navigate(workspaceAddress(folder.workspaceId, 'control-m'))}
      onClose={onClose}
    />
  );
};
