import { useState } from 'react';
import { call } from '../../api/call.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo, usePages, useRead } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { navigate } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { submitting, TextArea, TextField } from '../../ui/field.tsx';
import { Problem } from '../../ui/notice.tsx';
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
      <form className="stack" onSubmit={submitting(() => creation.mutate(undefined))}>
        <Problem error={creation.error} />
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
        <div>
          <Button type="submit" look="main" isBusy={creation.isPending}>
            {t.create}
          </Button>
        </div>
      </form>
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
          <ul className="rows">
            {items.map(({ id, name, description, role }) => (
              <li key={id} className="row">
                <Link className="row-title" to={`/app/communities/${id}`}>
                  {name}
                </Link>
                <span className="muted">{description}</span>
                <span className="row-note">
                  <span className="badge">{t[role]}</span>
                </span>
              </li>
            ))}
          </ul>
        )}
      </PagedList>
      {isNew ? <NewCommunity onClose={() => setNew(false)} /> : null}
    </Page>
  );
};
