import { call } from '../../api/call.ts';
import { createCommunity, listCommunitiesQuery } from '../../api/fields.ts';
import { useRead } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Creation } from '../../kit/creation.tsx';
import { NounList } from '../../kit/noun-list.tsx';
import { navigate } from '../../router/router.ts';
import { Page } from '../../ui/page.tsx';
import { communityTexts } from '../community/texts.ts';
import { MyInvites } from './my-invites.tsx';

const { permission: _permission, ...filters } = listCommunitiesQuery;

/** Makes a community, and opens it. */
const NewCommunity = () => {
  const t = useTexts(communityTexts);
  return (
    <Creation
      label={t.newCommunity}
      action={t.create}
      fields={createCommunity}
      run={(body) => call('createCommunity', { body })}
      onDone={({ id }) => navigate(`/app/communities/${id}`)}
    />
  );
};

/** The communities of the person; deleted ones for whoever may restore them. */
const Communities = ({ mayCreate }: { readonly mayCreate: boolean }) => {
  const t = useTexts(communityTexts);
  return (
    <NounList
      list={['listCommunities']}
      read={(query) => call('listCommunities', { query })}
      filters={filters}
      none={t.noCommunities}
      noneText={mayCreate ? t.noCommunitiesText : t.askForInvite}
      row={({ id, name, description, role }) => ({
        title: name,
        to: `/app/communities/${id}`,
        text: description,
        badges: [{ text: t[role] }],
      })}
      restore={({ id }) => call('restoreCommunity', { params: { communityId: id } })}
    />
  );
};

/** The communities of the person, and the invites to others. */
export const Screen = () => {
  const t = useTexts(communityTexts);
  const me = useRead('getMe', {});
  const mayCreate = me.data?.permissions.includes('community:create') === true;
  return (
    <Page title={t.communities} actions={mayCreate ? <NewCommunity /> : null}>
      <MyInvites />
      <Communities mayCreate={mayCreate} />
    </Page>
  );
};
