import { useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Facts } from '../../kit/facts.tsx';
import { NounList } from '../../kit/noun-list.tsx';
import { kitTexts } from '../../kit/texts.ts';
import { call } from '../../api/call.ts';
import { Shown } from '../../ui/states.tsx';
import { CommunityScreen, type Place } from '../community/place.tsx';
import { WhyNot } from '../community/why-not.tsx';
import type { ScreenParts } from '../screens.ts';
import { Picture } from './picture.tsx';
import { Scores } from './scores.tsx';
import { trustTexts } from './texts.ts';

const Own = ({ place }: { readonly place: Place }) => {
  const t = useTexts(trustTexts);
  const read = useRead('getTrustScore', { params: { communityId: place.communityId, userId: place.ownId } });
  return (
    <section className="panel" aria-labelledby="own-trust">
      <h2 id="own-trust">{t.yours}</h2>
      <Shown read={read}>
        {({ score, awards, points, title }) => (
          <Facts
            facts={[
              [t.score, `${score} (${t.scoreOf(awards, points)})`],
              [
                t.titleIs,
                <span key="title" className="badge info">
                  {title}
                </span>,
              ],
            ]}
          />
        )}
      </Shown>
      <WhyNot place={place} right="trust:award" />
    </section>
  );
};

const Grants = ({ communityId }: Place) => {
  const t = useTexts(trustTexts);
  const k = useTexts(kitTexts);
  const format = useFormat();
  return (
    <section aria-labelledby="grants">
      <h2 id="grants">{t.grants}</h2>
      <NounList
        list={['listTrustGrants', communityId]}
        read={async (query) => {
          const { items, nextCursor } = await call('listTrustGrants', { params: { communityId }, query });
          return { items: items.map((grant) => ({ ...grant, id: grant.userId })), nextCursor };
        }}
        filters={{}}
        none={t.noGrants}
        row={({ displayName, points, reason, grantedByName, grantedAt }) => ({
          title: displayName,
          badges: [{ text: t.points(points), look: 'info' }],
          text: reason,
          note: grantedAt === null ? '' : k.by(grantedByName ?? '', format.ago(grantedAt)),
        })}
      />
    </section>
  );
};

/** Trust within a community: scores with titles, what to do about them, the picture of the awards, and what was granted. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(trustTexts);
  return (
    <CommunityScreen params={params} title={t.title} lead={t.lead}>
      {(place) => (
        <>
          <Own place={place} />
          <Scores place={place} />
          <Picture place={place} />
          <Grants {...place} />
        </>
      )}
    </CommunityScreen>
  );
};
