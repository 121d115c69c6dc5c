import type { Wealth } from '@guildhall/contracts';
import { call, type CallOf } from '../../api/call.ts';
import { updateWealth } from '../../api/fields.ts';
import { useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import type { Action } from '../../kit/actions.tsx';
import { CommunityBlame } from '../../kit/blame-link.tsx';
import { Detail, type Edit } from '../../kit/detail.tsx';
import { kitTexts, optionOf } from '../../kit/texts.ts';
import { Shown } from '../../ui/states.tsx';
import { useCouncilChoices, usePoolChoices } from '../community/choices.ts';
import { CommunityScreen, type Place } from '../community/place.tsx';
import type { ScreenParts } from '../screens.ts';
import { wealthLooks, wealthTexts } from '../wealth/texts.ts';
import { Requests } from './requests.tsx';

interface OfferParts {
  readonly place: Place;
  readonly wealth: Wealth;
}

const { status: _status, ...editFields } = updateWealth;

const useFacts = ({ place, wealth }: OfferParts) => {
  const t = useTexts(wealthTexts);
  const k = useTexts(kitTexts);
  const format = useFormat();
  const council = useCouncilChoices(place).find(({ value }) => value === wealth.councilId);
  const pool = usePoolChoices(place).find(({ value }) => value === wealth.poolId);
  const audience = council === undefined ? (pool === undefined ? t.everyone : t.pool(pool.label)) : t.council(council.label);
  const { quantity, quantityLeft, minTrustRequired, expiresAt } = wealth;
  return [
    [t.offeredBy, k.by(wealth.createdByName, format.time(wealth.createdAt))],
    [k.field.category, wealth.category],
    [
      t.unitsLeft,
      quantity === null ? null : (
        <>
          {t.left(format.number(quantityLeft ?? 0), format.number(quantity))}{' '}
          <CommunityBlame communityId={place.communityId} type="wealth" id={wealth.id} path="/quantity" name={k.field.quantity} />
        </>
      ),
    ],
    [t.sharedWith, minTrustRequired === 0 ? audience : `${audience}, ${t.trust(minTrustRequired)}`],
    [t.ends, expiresAt === null ? null : format.time(expiresAt)],
  ] as const;
};

/** The deeds that the person has on the offer now. */
const useDeeds = ({ place, wealth: { id: wealthId, version, status, createdBy } }: OfferParts) => {
  const t = useTexts(wealthTexts);
  const choices = { councilId: useCouncilChoices(place), poolId: usePoolChoices(place) };
  const params = { communityId: place.communityId, wealthId };
  const isTheirs = createdBy === place.ownId || place.may('wealth:moderate');
  const mayChange = isTheirs && place.may('wealth:update');
  const update = (body: CallOf<'updateWealth'>['body']) => call('updateWealth', { params, version, body });
  const end = (label: string, next: 'cancelled' | 'fulfilled'): Action | null =>
    mayChange && status === 'active' ? { label, run: () => update({ status: next }) } : null;
  const isLive = status === 'active' || status === 'expired';
  const edit: Edit = { fields: editFields, choices, nullable: ['category'], run: update };
  const remove = { run: () => call('deleteWealth', { params, version }), to: `${place.address}/wealth` };
  return {
    actions: [end(t.cancelOffer, 'cancelled'), end(t.allGone, 'fulfilled')],
    edit: mayChange && isLive ? edit : null,
    remove: isTheirs && place.may('wealth:delete') ? remove : null,
  };
};

const Opened = (parts: OfferParts) => {
  const k = useTexts(kitTexts);
  const { status, type, description } = parts.wealth;
  return (
    <>
      <Detail
        item={parts.wealth}
        description={description}
        badges={[{ text: optionOf(k, status), look: wealthLooks[status] }, { text: optionOf(k, type) }]}
        facts={useFacts(parts)}
        {...useDeeds(parts)}
      />
      <Requests {...parts} />
    </>
  );
};

/** One thing that is offered, and the requests for it. */
export const Screen = ({ params }: ScreenParts) => {
  const request = { params: { communityId: params['communityId'] ?? '', wealthId: params['wealthId'] ?? '' } };
  const read = useRead('getWealth', request, { everyMs: 10_000 });
  return (
    <CommunityScreen params={params} title={read.data?.title ?? ''}>
      {(place) => <Shown read={read}>{(wealth) => <Opened place={place} wealth={wealth} />}</Shown>}
    </CommunityScreen>
  );
};
