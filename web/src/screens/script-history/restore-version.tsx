import type { Script } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { useDo } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { navigate } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/notice.tsx';
import { historyTexts } from './texts.ts';

/** Saves an earlier version again, as the next one. The comparison above shows what that takes back. */
export const RestoreVersion = ({ script, version }: { readonly script: Script; readonly version: number }) => {
  const t = useTexts(historyTexts);
  const { workspaceId, id: scriptId } = script;
  const restoration = useDo(
    () => call('restoreScriptVersion', { params: { workspaceId, scriptId, version }, version: script.version }),
    () => navigate(`/app/workspaces/${workspaceId}/scripts/${scriptId}`),
  );
  return (
    <div className="stack">
      <Problem error={restoration.error} />
      <div className="buttons">
        <Button isBusy={restoration.isPending} onClick={() => restoration.mutate(undefined)}>
          {t.restore(version)}
        </Button>
        <span className="muted">{t.restoreHint(script.version + 1)}</span>
      </div>
    </div>
  );
};
