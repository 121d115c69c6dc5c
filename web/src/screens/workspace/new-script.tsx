import { useState } from 'react';
import { call } from '../../api/call.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo } from '../../api/reading.ts';
import { languageNames, languageOf } from '../../editor/language-names.ts';
import { useTexts } from '../../i18n/texts.ts';
import { RequestForm } from '../../kit/request-form.tsx';
import { navigate } from '../../router/router.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Select, TextField } from '../../ui/field.tsx';
import { workspaceTexts } from './texts.ts';

const beginnings: Readonly<Record<string, string>> = {
  shell: '#!/bin/sh\nset -eu\n',
  python: '#!/usr/bin/env python3\n',
  perl: '#!/usr/bin/env perl\nuse strict;\nuse warnings;\n',
};

/** Asks for a name, and opens the new script in the editor. */
export const NewScript = ({ workspaceId, onClose }: { readonly workspaceId: string; readonly onClose: () => void }) => {
  const t = useTexts(workspaceTexts);
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const language = chosen ?? languageOf(name) ?? 'shell';
  const creation = useDo(
    () =>
      call('createScript', {
        params: { workspaceId },
        body: { name: name.trim(), language, content: beginnings[language] ?? '' },
      }),
    ({ id }) => navigate(`/app/workspaces/${workspaceId}/scripts/${id}`),
  );
  return (
    <Dialog title={t.newScript} onClose={onClose}>
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
        <Select label={t.language} value={language} onChange={(event) => setChosen(event.target.value)}>
          {languageNames.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </Select>
      </RequestForm>
    </Dialog>
  );
};
