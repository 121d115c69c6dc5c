import { call } from '../../api/call.ts';
import { createPool, listPoolsQuery } from '../../api/fields.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Creation } from '../../kit/creation.tsx';
import { NounList } from '../../kit/noun-list.tsx';
import { navigate } from '../../router/router.ts';
import { useCouncilChoices } from '../community/choices.ts';
import { CommunityScreen, type Place } from '../community/place.tsx';
import type { ScreenParts } from '../screens.ts';
import { poolTexts } from './texts.ts';

const NewPool = ({ place }: { readonly place: Place }) => {
  const t = useTexts(poolTexts);
  const { communityId, address } = place;
  const councilId = useCouncilChoices(place);
  if (!place.may('pool:create')) return null;
  return (
    <Creation
      label={t.new}
      action={t.create}
      fields={createPool}
      choices={{ councilId }}
      run={(body) => call('createPool', { params: { communityId }, body })}
      onDone={({ id }) => navigate(`${address}/pools/${id}`)}
    />
  );
};

/** The pools of a community, with what each holds. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(poolTexts);
  const format = useFormat();
  return (
    <CommunityScreen params={params} title={t.title} lead={t.lead} Head={NewPool}>
      {({ communityId, address, may }) => (
        <NounList
          list={['listPools', communityId]}
          read={(query) => call('listPools', { params: { communityId }, query })}
          filters={listPoolsQuery}
          none={t.none}
          noneText={t.lead}
          row={({ id, name, description, holding, unit }) => ({
            title: name,
            to: `${address}/pools/${id}`,
            text: description,
            badges: [{ text: t.holds(format.number(holding), unit), look: holding > 0 ? 'good' : 'warn' }],
          })}
          restore={may('pool:delete') ? ({ id }) => call('restorePool', { params: { communityId, poolId: id } }) : undefined}
        />
      )}
    </CommunityScreen>
  );
};
