import type { Script } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { ProblemError } from '../../api/problem.ts';
import { useDo } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { navigate } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Notice, Problem } from '../../ui/notice.tsx';
import { scriptTexts } from './texts.ts';

/** Deletes a script; one that jobs run only after a second question. */
export const DeleteScript = ({ script, onClose }: { readonly script: Script; readonly onClose: () => void }) => {
  const t = useTexts(scriptTexts);
  const { workspaceId, id: scriptId, version } = script;
  const deletion = useDo(
    (force: 'true' | 'false') => call('deleteScript', { params: { workspaceId, scriptId }, version, query: { force } }),
    () => navigate(`/app/workspaces/${workspaceId}`),
  );
  const isUsed = deletion.error instanceof ProblemError && deletion.error.code === 'CONFLICT';
  return (
    <Dialog title={script.name} onClose={onClose}>
      <div className="stack">
        {isUsed ? <Notice look="warn">{t.used}</Notice> : <Problem error={deletion.error} />}
        <p>{t.removeText}</p>
        <div>
          <Button look="danger" isBusy={deletion.isPending} onClick={() => deletion.mutate(isUsed ? 'true' : 'false')}>
            {t.removeYes}
          </Button>
        </div>
      </div>
    </Dialog>
  );
};
