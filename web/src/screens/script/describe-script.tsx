import type { Script } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { updateScript } from '../../api/fields.ts';
import { useTexts } from '../../i18n/texts.ts';
import { FormDialogLater } from '../../kit/form-later.tsx';
import { scriptTexts } from './texts.ts';

const { description, tags } = updateScript;

interface DescribeParts {
  readonly script: Script;
  readonly onClose: () => void;
  readonly onSaved: (script: Script) => void;
}

/** Says what a script is for, and the words by which it is found. */
export const DescribeScript = ({ script, onClose, onSaved }: DescribeParts) => {
  const t = useTexts(scriptTexts);
  const { workspaceId, id: scriptId, version } = script;
  return (
    <FormDialogLater
      title={t.describe}
      action={t.describeYes}
      fields={{ description, tags }}
      item={script}
      run={(body) => call('updateScript', { params: { workspaceId, scriptId }, version, body }) as Promise<Script>}
      onClose={onClose}
      onDone={(saved) => {
        onSaved(saved);
        onClose();
      }}
    />
  );
};
