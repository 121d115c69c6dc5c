import type { ControlMFolderSummary } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { useDo } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/notice.tsx';
import { controlMTexts } from './texts.ts';

/** Brings a deleted folder back, if its name is free. */
export const RestoreFolder = ({ folder }: { readonly folder: ControlMFolderSummary }) => {
  const t = useTexts(controlMTexts);
  const params = { workspaceId: folder.workspaceId, folderId: folder.id };
  const restoration = useDo(() => call('restoreControlMFolder', { params }));
  return (
    <>
      <Button
        aria-label={`${t.restore}: ${folder.name}`}
        isBusy={restoration.isPending}
        onClick={() => restoration.mutate(undefined)}
      >
        {t.restore}
      </Button>
      <Problem error={restoration.error} />
    </>
  );
};
