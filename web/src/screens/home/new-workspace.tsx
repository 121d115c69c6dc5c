import { useState } from 'react';
import { call } from '../../api/call.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo, useWhole } from '../../api/reading.ts';
import { sessionStatus } from '../../api/session.ts';
import { useStore } from '../../api/store.ts';
import { useTexts } from '../../i18n/texts.ts';
import { RequestForm } from '../../kit/request-form.tsx';
import { navigate } from '../../router/router.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Select, TextArea, TextField } from '../../ui/field.tsx';
import { homeTexts } from './texts.ts';

interface Draft {
  readonly name: string;
  readonly description: string;
  /** Empty: on this machine. */
  readonly communityId: string;
}

const create = ({ communityId, ...body }: Draft) =>
  communityId === '' ? call('createWorkspace', { body }) : call('createCommunityWorkspace', { params: { communityId }, body });

/** Asks for a name and a place, and opens the new workspace. */
export const NewWorkspace = ({ onClose }: { readonly onClose: () => void }) => {
  const t = useTexts(homeTexts);
  const [draft, setDraft] = useState<Draft>({ name: '', description: '', communityId: '' });
  const isSignedIn = useStore(sessionStatus) === 'signed_in';
  const communities = useWhole(['listCommunities'], (page) => call('listCommunities', { query: page }), isSignedIn);
  const creation = useDo(
    () => create(draft),
    ({ id }) => navigate(`/app/workspaces/${id}`),
  );
  return (
    <Dialog title={t.newWorkspace} onClose={onClose}>
      <RequestForm request={creation} action={t.create}>
        <TextField
          label={t.name}
          value={draft.name}
          fault={faultOf(creation.error, 'name')}
          maxLength={200}
          required
          autoFocus
          onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        />
        <TextArea
          label={t.description}
          value={draft.description}
          maxLength={4000}
          onChange={(event) => setDraft({ ...draft, description: event.target.value })}
        />
        <Select
          label={t.place}
          value={draft.communityId}
          onChange={(event) => setDraft({ ...draft, communityId: event.target.value })}
        >
          <option value="">{t.onThisMachine}</option>
          {communities.data?.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </RequestForm>
    </Dialog>
  );
};
