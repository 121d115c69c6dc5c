import type { Workspace } from '@guildhall/contracts';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { updateWorkspace } from '../../api/fields.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Actions } from '../../kit/actions.tsx';
import { FormDialog } from '../../kit/form.tsx';
import { kitTexts } from '../../kit/texts.ts';
import { navigate } from '../../router/router.ts';
import { workspaceTexts } from './texts.ts';

const Deletion = ({ opened: { id: workspaceId, version } }: { readonly opened: Workspace }) => {
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

/** Renames a workspace, or deletes it as it was when the dialog was opened. */
export const WorkspaceSettings = ({ workspace, onClose }: { readonly workspace: Workspace; readonly onClose: () => void }) => {
  const t = useTexts(workspaceTexts);
  const k = useTexts(kitTexts);
  const [opened] = useState(workspace);
  const { id: workspaceId, version } = workspace;
  return (
    <FormDialog
      title={t.settings}
      action={k.save}
      fields={updateWorkspace}
      item={workspace}
      run={(body) => call('updateWorkspace', { params: { workspaceId }, version, body })}
      onClose={onClose}
    >
      <Deletion opened={opened} />
    </FormDialog>
  );
};
