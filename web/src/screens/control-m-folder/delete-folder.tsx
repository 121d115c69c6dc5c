import { useQuery } from '@tanstack/react-query';
import { useDo } from '../../api/reading.ts';
import { deleteFolder, tryDelete, type FolderSource } from '../../control-m/folder-source.ts';
import { FolderImpact, LookingForImpact } from '../../control-m/impact.tsx';
import { useTexts } from '../../i18n/texts.ts';
import { navigate } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Problem } from '../../ui/notice.tsx';
import { workspaceAddress } from '../../workspace/frame.tsx';
import { folderTexts } from './texts.ts';

/** Deletes a folder. What that touches is shown first; whoever has seen it may delete it all the same. */
export const DeleteFolder = ({ folder, onClose }: { readonly folder: FolderSource; readonly onClose: () => void }) => {
  const t = useTexts(folderTexts);
  const impact = useQuery({ queryKey: ['delete-impact', folder.id, folder.version], queryFn: () => tryDelete(folder) });
  const deletion = useDo(
    () => deleteFolder(folder),
    () => navigate(workspaceAddress(folder.workspaceId, 'control-m')),
  );
  return (
    <Dialog title={folder.name} onClose={onClose}>
      <div className="stack">
        <Problem error={deletion.error ?? impact.error} />
        {impact.data === undefined ? impact.isPending && <LookingForImpact /> : <FolderImpact impact={impact.data} />}
        <p>{t.removeText}</p>
        <div>
          <Button
            look="danger"
            isBusy={deletion.isPending}
            disabled={impact.data === undefined}
            onClick={() => deletion.mutate(undefined)}
          >
            {t.removeYes}
          </Button>
        </div>
      </div>
    </Dialog>
  );
};
