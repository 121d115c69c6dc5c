import { call } from '../../api/call.ts';
import { createCouncil, listCouncilsQuery } from '../../api/fields.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Creation } from '../../kit/creation.tsx';
import { NounList } from '../../kit/noun-list.tsx';
import { navigate } from '../../router/router.ts';
import { CommunityScreen, type Place } from '../community/place.tsx';
import type { ScreenParts } from '../screens.ts';
import { councilTexts } from './texts.ts';

const NewCouncil = ({ place: { communityId, address, may } }: { readonly place: Place }) => {
  const t = useTexts(councilTexts);
  if (!may('council:create')) return null;
  return (
    <Creation
      label={t.new}
      action={t.create}
      fields={createCouncil}
      run={(body) => call('createCouncil', { params: { communityId }, body })}
      onDone={({ id }) => navigate(`${address}/councils/${id}`)}
    />
  );
};

/** The councils of a community. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(councilTexts);
  return (
    <CommunityScreen params={params} title={t.title} lead={t.lead} Head={NewCouncil}>
      {({ communityId, address, may }) => (
        <NounList
          list={['listCouncils', communityId]}
          read={(query) => call('listCouncils', { params: { communityId }, query })}
          filters={listCouncilsQuery}
          none={t.none}
          noneText={t.lead}
          row={({ id, name, description, memberCount, isMember }) => ({
            title: name,
            to: `${address}/councils/${id}`,
            text: description,
            badges: isMember ? [{ text: t.yours, look: 'good' }] : [],
            note: t.count(memberCount),
          })}
          restore={
            may('council:delete') ? ({ id }) => call('restoreCouncil', { params: { communityId, councilId: id } }) : undefined
          }
        />
      )}
    </CommunityScreen>
  );
};
