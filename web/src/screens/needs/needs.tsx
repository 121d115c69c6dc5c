import { call } from '../../api/call.ts';
import { createNeed, listNeedsQuery } from '../../api/fields.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Creation } from '../../kit/creation.tsx';
import { NounList } from '../../kit/noun-list.tsx';
import { kitTexts, optionOf } from '../../kit/texts.ts';
import { navigate } from '../../router/router.ts';
import { useCouncilChoices } from '../community/choices.ts';
import { CommunityScreen, type Place } from '../community/place.tsx';
import type { ScreenParts } from '../screens.ts';
import { needTexts } from './texts.ts';

const { isOfCommunity: _whole, ...plainFields } = createNeed;
const { q, status, councilId, sort, state } = listNeedsQuery;

const NewNeed = ({ place }: { readonly place: Place }) => {
  const t = useTexts(needTexts);
  const { communityId, address } = place;
  const councils = useCouncilChoices(place);
  if (!place.may('need:create')) return null;
  return (
    <Creation
      label={t.new}
      action={t.create}
      fields={place.may('need:moderate') ? createNeed : plainFields}
      choices={{ councilId: councils }}
      run={(body) => call('createNeed', { params: { communityId }, body })}
      onDone={({ id }) => navigate(`${address}/needs/${id}`)}
    />
  );
};

const looks = { open: 'info', met: 'good', cancelled: 'warn' } as const;

const List = ({ place }: { readonly place: Place }) => {
  const t = useTexts(needTexts);
  const k = useTexts(kitTexts);
  const format = useFormat();
  const { communityId, address, may } = place;
  return (
    <NounList
      list={['listNeeds', communityId]}
      read={(query) => call('listNeeds', { params: { communityId }, query })}
      filters={{ q, status, councilId, sort, state }}
      choices={{ councilId: useCouncilChoices(place) }}
      none={t.none}
      noneText={t.lead}
      row={({ id, title, description, quantity, intervalDays, isOfCommunity, status: is, createdByName, createdAt }) => ({
        title,
        to: `${address}/needs/${id}`,
        text: description,
        badges: [
          { text: optionOf(k, is), look: looks[is] },
          { text: t.units(format.number(quantity)) },
          ...(intervalDays === null ? [] : [{ text: t.every(intervalDays) }]),
          ...(isOfCommunity ? [{ text: t.whole }] : []),
        ],
        note: k.by(createdByName, format.ago(createdAt)),
      })}
      restore={may('need:update') ? ({ id }) => call('restoreNeed', { params: { communityId, needId: id } }) : undefined}
    />
  );
};

/** The needs of a community. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(needTexts);
  return (
    <CommunityScreen params={params} title={t.title} lead={t.lead} Head={NewNeed}>
      {(place) => <List place={place} />}
    </CommunityScreen>
  );
};
