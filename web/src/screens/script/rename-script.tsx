import type { Script, ScriptImpact } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { ScriptImpactView } from '../../control-m/impact.tsx';
import { RenameDialog } from '../../control-m/rename-dialog.tsx';
import { useTexts } from '../../i18n/texts.ts';
import { scriptTexts } from './texts.ts';

interface RenameParts {
  readonly script: Script;
  readonly onClose: () => void;
  readonly onRenamed: (script: Script) => void;
}

const rename = ({ workspaceId, id: scriptId, version }: Script, name: string, dryRun: 'true' | 'false') =>
  call('updateScript', { params: { workspaceId, scriptId }, version, query: { dryRun }, body: { name } });

/** Renames a script, after a look at the jobs that run it by its name. */
export const RenameScript = ({ script, onClose, onRenamed }: RenameParts) => (
  <RenameDialog
    texts={useTexts(scriptTexts)}
    name={script.name}
    attempt={(name: string) => rename(script, name, 'true') as Promise<ScriptImpact>}
    view={ScriptImpactView}
    run={(name) => rename(script, name, 'false') as Promise<Script>}
    onDone={onRenamed}
    onClose={onClose}
  />
);
