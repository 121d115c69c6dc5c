import { useState } from 'react';
import { call } from '../../api/call.ts';
import { listOwnRolesQuery } from '../../api/fields.ts';
import { useDo } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { NounList } from '../../kit/noun-list.tsx';
import { kitTexts } from '../../kit/texts.ts';
import { navigate } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { submitting } from '../../ui/field.tsx';
import { Problem } from '../../ui/notice.tsx';
import { CommunityScreen, type Place } from '../community/place.tsx';
import { WhyNot } from '../community/why-not.tsx';
import type { ScreenParts } from '../screens.ts';
import { emptyRole, RoleFields } from './role-fields.tsx';
import { ownRoleTexts } from './texts.ts';

const NewRole = ({ place, onClose }: { readonly place: Place; readonly onClose: () => void }) => {
  const t = useTexts(ownRoleTexts);
  const { communityId, address } = place;
  const [draft, setDraft] = useState(emptyRole);
  const creation = useDo(
    () => call('createOwnRole', { params: { communityId }, body: draft }),
    ({ id }) => navigate(`${address}/roles/${id}`),
  );
  return (
    <Dialog title={t.new} isWide onClose={onClose}>
      <form className="stack" onSubmit={submitting(() => creation.mutate(undefined))}>
        <Problem error={creation.error} />
        <RoleFields place={place} draft={draft} error={creation.error} onChange={setDraft} />
        <div>
          <Button type="submit" look="main" isBusy={creation.isPending}>
            {t.create}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};

const Head = ({ place }: { readonly place: Place }) => {
  const t = useTexts(ownRoleTexts);
  const [isNew, setNew] = useState(false);
  if (!place.may('own-role:create')) return null;
  return (
    <>
      <Button look="main" icon="plus" onClick={() => setNew(true)}>
        {t.new}
      </Button>
      {isNew ? <NewRole place={place} onClose={() => setNew(false)} /> : null}
    </>
  );
};

const List = ({ place: { communityId, address, may } }: { readonly place: Place }) => {
  const t = useTexts(ownRoleTexts);
  const k = useTexts(kitTexts);
  const format = useFormat();
  return (
    <NounList
      list={['listOwnRoles', communityId]}
      read={(query) => call('listOwnRoles', { params: { communityId }, query })}
      filters={listOwnRolesQuery}
      none={t.none}
      noneText={t.lead}
      row={({ id, name, description, permissions, createdByName, createdAt }) => ({
        title: name,
        to: `${address}/roles/${id}`,
        text: description,
        badges: [{ text: t.count(permissions.length) }],
        note: k.by(createdByName, format.ago(createdAt)),
      })}
      restore={
        may('own-role:delete') ? ({ id }) => call('restoreOwnRole', { params: { communityId, ownRoleId: id } }) : undefined
      }
    />
  );
};

/** The roles of a community's own. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(ownRoleTexts);
  return (
    <CommunityScreen params={params} title={t.title} lead={t.lead} Head={Head}>
      {(place) => (
        <>
          <List place={place} />
          <WhyNot place={place} right="own-role:create" />
        </>
      )}
    </CommunityScreen>
  );
};
