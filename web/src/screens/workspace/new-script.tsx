import { useState, type FormEvent } from 'react';
import { call } from '../../api/call.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo } from '../../api/reading.ts';
import { languageNames, languageOf } from '../../editor/language-names.ts';
import { useTexts } from '../../i18n/texts.ts';
import { navigate } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Select, TextField } from '../../ui/field.tsx';
import { Problem } from '../../ui/notice.tsx';
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
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    creation.mutate(undefined);
  };
  return (
    <Dialog title={t.newScript} onClose={onClose}>
      <form className="stack" onSubmit={onSubmit}>
        <Problem error={creation.error} />
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
        <div>
          <Button type="submit" look="main" isBusy={creation.isPending}>
            {t.create}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};
