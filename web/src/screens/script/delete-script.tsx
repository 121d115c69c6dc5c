import type { Script, ScriptImpact } from '@guildhall/contracts';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/call.ts';
import { useDo } from '../../api/reading.ts';
import { LookingForImpact, ScriptImpactView } from '../../control-m/impact.tsx';
import { useTexts } from '../../i18n/texts.ts';
import { navigate } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Problem } from '../../ui/notice.tsx';
import { scriptTexts } from './texts.ts';

/** Deletes a script. The jobs that run it are shown first; whoever has seen them may delete it all the same. */
export const DeleteScript = ({ script, onClose }: { readonly script: Script; readonly onClose: () => void }) => {
  const t = useTexts(scriptTexts);
  const { workspaceId, id: scriptId, version } = script;
  const target = { params: { workspaceId, scriptId }, version };
  const impact = useQuery({
    queryKey: ['delete-impact', scriptId, version],
    queryFn: () => call('deleteScript', { ...target, query: { dryRun: 'true', force: 'false' } }) as Promise<ScriptImpact>,
  });
  const deletion = useDo(
    () => call('deleteScript', { ...target, query: { dryRun: 'false', force: 'true' } }),
    () => navigate(`/app/workspaces/${workspaceId}`),
  );
  return (
    <Dialog title={script.name} onClose={onClose}>
      <div className="stack">
        <Problem error={deletion.error ?? impact.error} />
        {impact.data === undefined ? impact.isPending && <LookingForImpact /> : <ScriptImpactView impact={impact.data} />}
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
