import type { Workspace } from '@guildhall/contracts';
import { useState, type FormEvent } from 'react';
import { call } from '../../api/call.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { navigate } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea, TextField } from '../../ui/field.tsx';
import { Problem } from '../../ui/notice.tsx';
import { workspaceTexts } from './texts.ts';

/** Renames or deletes a workspace. */
export const WorkspaceSettings = ({ workspace, onClose }: { readonly workspace: Workspace; readonly onClose: () => void }) => {
  const t = useTexts(workspaceTexts);
  const [name, setName] = useState(workspace.name);
  const [description, setDescription] = useState(workspace.description);
  const target = { params: { workspaceId: workspace.id }, version: workspace.version };
  const renaming = useDo(() => call('updateWorkspace', { ...target, body: { name: name.trim(), description } }), onClose);
  const deletion = useDo(
    () => call('deleteWorkspace', target),
    () => navigate('/app'),
  );
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    renaming.mutate(undefined);
  };
  return (
    <Dialog title={t.settings} onClose={onClose}>
      <form className="stack" onSubmit={onSubmit}>
        <Problem error={renaming.error ?? deletion.error} />
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
        <div className="buttons">
          <Button type="submit" look="main" isBusy={renaming.isPending}>
            {t.save}
          </Button>
          <Button look="danger" isBusy={deletion.isPending} onClick={() => deletion.mutate(undefined)}>
            {t.remove}
          </Button>
        </div>
        <p className="muted">{t.removeText}</p>
      </form>
    </Dialog>
  );
};
