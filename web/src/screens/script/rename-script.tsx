import type { Script, ScriptImpact } from '@guildhall/contracts';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo } from '../../api/reading.ts';
import { ScriptImpactView } from '../../control-m/impact.tsx';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { submitting, TextField } from '../../ui/field.tsx';
import { Problem } from '../../ui/notice.tsx';
import { scriptTexts } from './texts.ts';

interface RenameParts {
  readonly script: Script;
  readonly onClose: () => void;
  readonly onRenamed: (script: Script) => void;
}

/** Renames a script, after a look at the jobs that run it by its name. */
export const RenameScript = ({ script, onClose, onRenamed }: RenameParts) => {
  const t = useTexts(scriptTexts);
  const [name, setName] = useState(script.name);
  const rename = (dryRun: 'true' | 'false') =>
    call('updateScript', {
      params: { workspaceId: script.workspaceId, scriptId: script.id },
      version: script.version,
      query: { dryRun },
      body: { name: name.trim() },
    });
  const done = (renamed: Script): void => {
    onRenamed(renamed);
    onClose();
  };
  const attempt = useDo((_name: string) => rename('true') as Promise<ScriptImpact>);
  const renaming = useDo(() => rename('false') as Promise<Script>, done);
  const impact = attempt.variables === name.trim() ? attempt.data : undefined;
  const isBusy = attempt.isPending || renaming.isPending;
  const submit = (): void => (impact === undefined ? attempt.mutate(name.trim()) : renaming.mutate(undefined));
  return (
    <Dialog title={t.rename} onClose={onClose}>
      <form className="stack" onSubmit={submitting(submit)}>
        <Problem error={renaming.error ?? attempt.error} />
        <TextField
          label={t.name}
          value={name}
          fault={faultOf(attempt.error, 'name')}
          maxLength={200}
          required
          onChange={(event) => setName(event.target.value)}
        />
        {impact === undefined ? null : <ScriptImpactView impact={impact} />}
        <RenameButton isTried={impact !== undefined} isBusy={isBusy} disabled={name.trim() === script.name} />
      </form>
    </Dialog>
  );
};

interface RenameButtonParts {
  readonly isTried: boolean;
  readonly isBusy: boolean;
  readonly disabled: boolean;
}

const RenameButton = ({ isTried, ...rest }: RenameButtonParts) => {
  const t = useTexts(scriptTexts);
  return (
    <div>
      <Button type="submit" look={isTried ? 'main' : 'plain'} {...rest}>
        {isTried ? t.renameYes : t.tryRename}
      </Button>
    </div>
  );
};
