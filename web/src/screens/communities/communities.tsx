import { useState } from 'react';
import { call } from '../../api/call.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo, usePages, useRead } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Rows } from '../../kit/noun-list.tsx';
import { RequestForm } from '../../kit/request-form.tsx';
import { navigate } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { TextArea, TextField } from '../../ui/field.tsx';
import { Page } from '../../ui/page.tsx';
import { Empty, PagedList } from '../../ui/states.tsx';
import { communityTexts } from '../community/texts.ts';
import { MyInvites } from './my-invites.tsx';

const NewCommunity = ({ onClose }: { readonly onClose: () => void }) => {
  const t = useTexts(communityTexts);
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const creation = useDo(
    () => call('createCommunity', { body: { name: name.trim(), description } }),
    ({ id }) => navigate(`/app/communities/${id}`),
  );
  return (
    <Dialog title={t.newCommunity} onClose={onClose}>
      <RequestForm request={creation} action={t.create}>
        <TextField
          label={t.name}
          value={name}
          fault={faultOf(creation.error, 'name')}
          onChange={(event) => setName(event.target.value)}
          maxLength={100}
          autoFocus
          required
        />
        <TextArea
          label={t.description}
          value={description}
          onChange={(event) => setDescription(event.target.value)}
          maxLength={4000}
        />
      </RequestForm>
    </Dialog>
  );
};

/** The communities of the person, and the invites to others. */
export const Screen = () => {
  const t = useTexts(communityTexts);
  const [isNew, setNew] = useState(false);
  const me = useRead('getMe', {});
  const mayCreate = me.data?.permissions.includes('community:create') === true;
  const pages = usePages(['listCommunities'], (cursor) =>
    call('listCommunities', { query: cursor === undefined ? {} : { cursor } }),
  );
  return (
    <Page
      title={t.communities}
      actions={
        mayCreate ? (
          <Button look="main" icon="plus" onClick={() => setNew(true)}>
            {t.newCommunity}
          </Button>
        ) : null
      }
    >
      <MyInvites />
      <PagedList
        pages={pages}
        empty={
          <Empty title={t.noCommunities}>
            <p>{mayCreate ? t.noCommunitiesText : t.askForInvite}</p>
          </Empty>
        }
      >
        {(items) => (
          <Rows
            rows={items.map(({ id, name, description, role }) => ({
              id,
              title: name,
              to: `/app/communities/${id}`,
              text: description,
              badges: [{ text: t[role] }],
            }))}
          />
        )}
      </PagedList>
      {isNew ? <NewCommunity onClose={() => setNew(false)} /> : null}
    </Page>
  );
};
