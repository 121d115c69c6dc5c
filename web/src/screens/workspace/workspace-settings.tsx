import type { Workspace } from '@guildhall/contracts';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Actions } from '../../kit/actions.tsx';
import { navigate } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { submitting, TextArea, TextField } from '../../ui/field.tsx';
import { Problem } from '../../ui/notice.tsx';
import { workspaceTexts } from './texts.ts';

interface SettingsParts {
  /** The workspace as it was when the dialog was opened: a change that others make meanwhile is refused, not undone. */
  readonly opened: Workspace;
  readonly onClose: () => void;
}

const Naming = ({ opened, onClose }: SettingsParts) => {
  const t = useTexts(workspaceTexts);
  const [name, setName] = useState(opened.name);
  const [description, setDescription] = useState(opened.description);
  const { id: workspaceId, version } = opened;
  const renaming = useDo(
    () => call('updateWorkspace', { params: { workspaceId }, version, body: { name: name.trim(), description } }),
    onClose,
  );
  return (
    <form className="stack" onSubmit={submitting(() => renaming.mutate(undefined))}>
      <Problem error={renaming.error} />
      <TextField
        label={t.name}
        value={name}
        fault={faultOf(renaming.error, 'name')}
        onChange={(event) => setName(event.target.value)}
        maxLength={200}
        required
      />
      <TextArea
        label={t.description}
        value={description}
        onChange={(event) => setDescription(event.target.value)}
        maxLength={4000}
      />
      <div>
        <Button type="submit" look="main" isBusy={renaming.isPending}>
          {t.save}
        </Button>
      </div>
    </form>
  );
};

const Deletion = ({ opened: { id: workspaceId, version } }: Pick<SettingsParts, 'opened'>) => {
  const t = useTexts(workspaceTexts);
  return (
    <Actions
      actions={[
        {
          label: t.remove,
          look: 'danger',
          question: t.removeText,
          run: () => call('deleteWorkspace', { params: { workspaceId }, version }),
          onDone: () => navigate('/app'),
        },
      ]}
    />
  );
};

/** Renames or deletes a workspace. */
export const WorkspaceSettings = ({ workspace, onClose }: { readonly workspace: Workspace; readonly onClose: () => void }) => {
  const t = useTexts(workspaceTexts);
  const [opened] = useState(workspace);
  return (
    <Dialog title={t.settings} onClose={onClose}>
      <div className="stack">
        <Naming opened={opened} onClose={onClose} />
        <Deletion opened={opened} />
      </div>
    </Dialog>
  );
};
