import type { Pool } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { createPoolContribution, listPoolContributionsQuery, updatePool } from '../../api/fields.ts';
import { useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Creation } from '../../kit/creation.tsx';
import { Detail } from '../../kit/detail.tsx';
import { NounList } from '../../kit/noun-list.tsx';
import { kitTexts, optionOf } from '../../kit/texts.ts';
import { Shown } from '../../ui/states.tsx';
import { useCouncilChoices } from '../community/choices.ts';
import { CommunityScreen, type Place } from '../community/place.tsx';
import { poolTexts } from '../pools/texts.ts';
import type { ScreenParts } from '../screens.ts';

interface PoolParts {
  readonly place: Place;
  readonly pool: Pool;
}

const { kind: _kind, ...moveFields } = createPoolContribution;
const { kind } = listPoolContributionsQuery;

const Moves = ({ place, pool }: PoolParts) => {
  const t = useTexts(poolTexts);
  const k = useTexts(kitTexts);
  const format = useFormat();
  const params = { communityId: place.communityId, poolId: pool.id };
  const move = (direction: 'contribution' | 'hand-out', label: string, look: 'main' | 'plain') => (
    <Creation
      label={label}
      action={label}
      look={look}
      fields={moveFields}
      run={(body: { readonly quantity: number }) =>
        call('createPoolContribution', { params, body: { ...body, kind: direction } })
      }
    />
  );
  return (
    <section aria-labelledby="moves">
      <h2 id="moves">{t.moves}</h2>
      <div className="buttons">
        {place.may('pool:contribute') ? move('contribution', t.contribute, 'main') : null}
        {pool.mayHandOut ? move('hand-out', t.handOut, 'plain') : null}
      </div>
      <NounList
        list={['listPoolContributions', pool.id]}
        read={(query) => call('listPoolContributions', { params, query })}
        filters={{ kind }}
        none={t.noMoves}
        row={(item) => ({
          title: `${item.kind === 'contribution' ? '+' : '−'}${format.number(item.quantity)} ${pool.unit}`,
          badges: [{ text: optionOf(k, item.kind), look: item.kind === 'contribution' ? 'good' : 'warn' }],
          text: item.note,
          note: k.by(item.createdByName, format.time(item.createdAt)),
        })}
      />
    </section>
  );
};

const Opened = ({ place, pool }: PoolParts) => {
  const t = useTexts(poolTexts);
  const k = useTexts(kitTexts);
  const format = useFormat();
  const params = { communityId: place.communityId, poolId: pool.id };
  const council = useCouncilChoices(place).find(({ value }) => value === pool.councilId);
  const { version, holding, unit } = pool;
  return (
    <>
      <Detail
        item={pool}
        description={pool.description}
        facts={[
          [t.holding, t.holds(format.number(holding), unit)],
          [t.handsOut, council === undefined ? t.admins : t.council(council.label)],
          [t.made, k.by(pool.createdByName, format.time(pool.createdAt))],
        ]}
        edit={
          place.may('pool:update') ? { fields: updatePool, run: (body) => call('updatePool', { params, version, body }) } : null
        }
        remove={
          place.may('pool:delete') ? { run: () => call('deletePool', { params, version }), to: `${place.address}/pools` } : null
        }
      />
      <Moves place={place} pool={pool} />
    </>
  );
};

/** One pool, with what came into it and was handed out. */
export const Screen = ({ params }: ScreenParts) => {
  const request = { params: { communityId: params['communityId'] ?? '', poolId: params['poolId'] ?? '' } };
  const read = useRead('getPool', request);
  return (
    <CommunityScreen params={params} title={read.data?.name ?? ''}>
      {(place) => <Shown read={read}>{(pool) => <Opened place={place} pool={pool} />}</Shown>}
    </CommunityScreen>
  );
};
