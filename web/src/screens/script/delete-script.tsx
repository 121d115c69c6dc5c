import type { Script, ScriptImpact } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { DeleteDialog } from '../../control-m/delete-dialog.tsx';
import { ScriptImpactView } from '../../control-m/impact.tsx';
import { useTexts } from '../../i18n/texts.ts';
import { navigate } from '../../router/router.ts';
import { scriptTexts } from './texts.ts';

/** Deletes a script, after a look at the jobs that run it. */
export const DeleteScript = ({ script, onClose }: { readonly script: Script; readonly onClose: () => void }) => {
  const t = useTexts(scriptTexts);
  const { workspaceId, id: scriptId, version } = script;
  const target = { params: { workspaceId, scriptId }, version };
  return (
    <DeleteDialog
      title={script.name}
      text={t.removeText}
      action={t.removeYes}
      item={script}
      attempt={() => call('deleteScript', { ...target, query: { dryRun: 'true', force: 'false' } }) as Promise<ScriptImpact>}
      view={ScriptImpactView}
      run={() => call('deleteScript', { ...target, query: { dryRun: 'false', force: 'true' } })}
      onDone={() => navigate(`/app/workspaces/${workspaceId}`)}
      onClose={onClose}
    />
  );
};
