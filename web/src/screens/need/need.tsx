import type { Need } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { updateNeed } from '../../api/fields.ts';
import { useRead, useWhole } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { CommunityBlame } from '../../kit/blame-link.tsx';
import { Creation } from '../../kit/creation.tsx';
import { Detail } from '../../kit/detail.tsx';
import { kitTexts, optionOf } from '../../kit/texts.ts';
import { Link } from '../../router/link.tsx';
import { Shown } from '../../ui/states.tsx';
import { useCouncilChoices } from '../community/choices.ts';
import { CommunityScreen, type Place } from '../community/place.tsx';
import { needTexts } from '../needs/texts.ts';
import type { ScreenParts } from '../screens.ts';

interface NeedParts {
  readonly place: Place;
  readonly need: Need;
}

const { status: _status, ...editFields } = updateNeed;
const metField = { metByWealthId: { kind: 'id' } } as const;

/** True for whoever may change a need: its maker, members of its council, moderators of needs. */
const useMayChange = ({ place, need }: NeedParts): boolean => {
  const { communityId, ownId, may } = place;
  const councilId = need.councilId ?? '';
  const council = useRead('getCouncil', { params: { communityId, councilId } }, { isOn: councilId !== '' });
  if (!may('need:update')) return false;
  return may('need:moderate') || need.createdBy === ownId || council.data?.isMember === true;
};

const Fulfilment = ({ place, need }: NeedParts) => {
  const t = useTexts(needTexts);
  const { communityId } = place;
  const wealth = useWhole(
    ['listWealth', communityId],
    (page) => call('listWealth', { params: { communityId }, query: page }),
    place.may('wealth:read'),
  );
  const metByWealthId = wealth.data?.map(({ id, title }) => ({ value: id, label: title })) ?? [];
  return (
    <div>
      <Creation
        label={t.sayMet}
        action={t.sayMet}
        fields={metField}
        choices={{ metByWealthId }}
        run={(body) => call('fulfilNeed', { params: { communityId, needId: need.id }, body })}
      />
    </div>
  );
};

const useFacts = ({ place, need }: NeedParts) => {
  const t = useTexts(needTexts);
  const k = useTexts(kitTexts);
  const format = useFormat();
  const council = useCouncilChoices(place).find(({ value }) => value === need.councilId);
  const last = need.metAt === null ? '' : ` · ${t.last(format.time(need.metAt))}`;
  const by =
    need.metByWealthId === null ? t.byHand : <Link to={`${place.address}/wealth/${need.metByWealthId}`}>{t.byWealth}</Link>;
  return [
    [
      k.field.quantity,
      <>
        {format.number(need.quantity)}{' '}
        <CommunityBlame communityId={place.communityId} type="need" id={need.id} path="/quantity" name={k.field.quantity} />
      </>,
    ],
    [t.recurs, need.intervalDays === null ? null : t.every(need.intervalDays)],
    [t.whose, need.isOfCommunity ? t.whole : (council?.label ?? null)],
    [
      t.met,
      need.timesMet === 0 ? null : (
        <>
          {`${t.times(need.timesMet)}${last} · `}
          {by}
        </>
      ),
    ],
    [t.made, k.by(need.createdByName, format.time(need.createdAt))],
  ] as const;
};

const Opened = ({ place, need }: NeedParts) => {
  const t = useTexts(needTexts);
  const k = useTexts(kitTexts);
  const params = { communityId: place.communityId, needId: need.id };
  const { version, status } = need;
  const mayChange = useMayChange({ place, need });
  const isOpen = status === 'open';
  return (
    <>
      <Detail
        item={need}
        description={need.description}
        badges={[{ text: optionOf(k, status), look: isOpen ? 'info' : status === 'met' ? 'good' : 'warn' }]}
        facts={useFacts({ place, need })}
        actions={[
          mayChange && isOpen
            ? { label: t.cancel, run: () => call('updateNeed', { params, version, body: { status: 'cancelled' } }) }
            : null,
        ]}
        edit={mayChange && isOpen ? { fields: editFields, run: (body) => call('updateNeed', { params, version, body }) } : null}
        remove={mayChange ? { run: () => call('deleteNeed', { params, version }), to: `${place.address}/needs` } : null}
      />
      {mayChange && isOpen ? <Fulfilment place={place} need={need} /> : null}
    </>
  );
};

/** One need, and how it was met. */
export const Screen = ({ params }: ScreenParts) => {
  const read = useRead('getNeed', { params: { communityId: params['communityId'] ?? '', needId: params['needId'] ?? '' } });
  return (
    <CommunityScreen params={params} title={read.data?.title ?? ''}>
      {(place) => <Shown read={read}>{(need) => <Opened place={place} need={need} />}</Shown>}
    </CommunityScreen>
  );
};
