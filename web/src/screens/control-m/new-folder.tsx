import type { ControlMFolder } from '@guildhall/contracts';
import { useState } from 'react';
import { send } from '../../api/call.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { RequestForm } from '../../kit/request-form.tsx';
import { navigate } from '../../router/router.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Select, TextField } from '../../ui/field.tsx';
import { workspaceAddress } from '../../workspace/frame.tsx';
import { controlMTexts } from './texts.ts';

const kinds = ['Folder', 'SimpleFolder'] as const;

interface NewFolderParts {
  readonly workspaceId: string;
  readonly onClose: () => void;
}

/** The body of a new folder without jobs, laid out as its text is shown in the editor. */
const bodyOf = (name: string, kind: string): string =>
  `{"name":${JSON.stringify(name)},"definition":${JSON.stringify({ Type: kind }, null, 2)}}`;

/** Asks for a name and a kind, and opens the new folder in the editor. */
export const NewFolder = ({ workspaceId, onClose }: NewFolderParts) => {
  const t = useTexts(controlMTexts);
  const [name, setName] = useState('');
  const [kind, setKind] = useState<string>(kinds[0]);
  const creation = useDo(
    async () => {
      const answer = await send('createControlMFolder', { params: { workspaceId }, json: bodyOf(name.trim(), kind) });
      return (await answer.json()) as ControlMFolder;
    },
    ({ id }) => navigate(workspaceAddress(workspaceId, `control-m/folders/${id}`)),
  );
  return (
    <Dialog title={t.newFolder} onClose={onClose}>
      <RequestForm request={creation} action={t.create}>
        <TextField
          label={t.name}
          hint={t.nameHint}
          value={name}
          fault={faultOf(creation.error, 'name')}
          onChange={(event) => setName(event.target.value)}
          maxLength={200}
          autoFocus
          required
        />
        <Select label={t.kind} value={kind} onChange={(event) => setKind(event.target.value)}>
          {kinds.map((one) => (
            <option key={one}>{one}</option>
          ))}
        </Select>
      </RequestForm>
    </Dialog>
  );
};
