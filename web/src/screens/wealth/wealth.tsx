import type { Wealth } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { createWealth, listWealthQuery } from '../../api/fields.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Creation } from '../../kit/creation.tsx';
import { NounList, type Row } from '../../kit/noun-list.tsx';
import { kitTexts, optionOf } from '../../kit/texts.ts';
import { navigate } from '../../router/router.ts';
import { useCouncilChoices, usePoolChoices } from '../community/choices.ts';
import { CommunityScreen, type Place } from '../community/place.tsx';
import { WhyNot } from '../community/why-not.tsx';
import type { ScreenParts } from '../screens.ts';
import { wealthLooks, wealthTexts } from './texts.ts';

const { q, type, category, status, councilId, poolId, sort, state } = listWealthQuery;
const filters = { q, type, category, councilId, poolId, status, sort, state };

const NewWealth = ({ place }: { readonly place: Place }) => {
  const t = useTexts(wealthTexts);
  const { communityId, address } = place;
  const choices = { councilId: useCouncilChoices(place), poolId: usePoolChoices(place) };
  if (!place.may('wealth:create')) return null;
  return (
    <Creation
      label={t.new}
      action={t.create}
      fields={createWealth}
      choices={choices}
      run={(body) => call('createWealth', { params: { communityId }, body })}
      onDone={({ id }) => navigate(`${address}/wealth/${id}`)}
    />
  );
};

const useRow = (place: Place): ((wealth: Wealth) => Row) => {
  const t = useTexts(wealthTexts);
  const k = useTexts(kitTexts);
  const format = useFormat();
  return ({ id, title, description, quantity, quantityLeft, status: is, ...wealth }) => ({
    title,
    to: `${place.address}/wealth/${id}`,
    text: description,
    badges: [
      { text: optionOf(k, is), look: wealthLooks[is] },
      { text: optionOf(k, wealth.type) },
      ...(wealth.category === null ? [] : [{ text: wealth.category }]),
      ...(quantity === null ? [] : [{ text: t.left(format.number(quantityLeft ?? 0), format.number(quantity)) }]),
      ...(wealth.createdBy === place.ownId ? [{ text: t.yours, look: 'info' } as const] : []),
    ],
    note:
      wealth.expiresAt === null ? wealth.createdByName : `${wealth.createdByName} · ${t.until(format.time(wealth.expiresAt))}`,
  });
};

const Board = ({ place }: { readonly place: Place }) => {
  const t = useTexts(wealthTexts);
  const { communityId, may } = place;
  const row = useRow(place);
  return (
    <>
      <NounList
        list={['listWealth', communityId]}
        read={(query) => call('listWealth', { params: { communityId }, query })}
        filters={filters}
        choices={{ councilId: useCouncilChoices(place), poolId: usePoolChoices(place) }}
        none={t.none}
        noneText={t.lead}
        row={row}
        restore={may('wealth:delete') ? ({ id }) => call('restoreWealth', { params: { communityId, wealthId: id } }) : undefined}
      />
      <WhyNot place={place} right="wealth:create" />
    </>
  );
};

/** The board of what members offer. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(wealthTexts);
  return (
    <CommunityScreen params={params} title={t.title} lead={t.lead} Head={NewWealth}>
      {(place) => <Board place={place} />}
    </CommunityScreen>
  );
};
