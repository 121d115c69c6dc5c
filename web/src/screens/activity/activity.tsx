import { call } from '../../api/call.ts';
import { listActivityQuery } from '../../api/fields.ts';
import { usePages } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { NounList, Rows } from '../../kit/noun-list.tsx';
import { PagedList } from '../../ui/states.tsx';
import { useMemberChoices } from '../community/choices.ts';
import { CommunityScreen, type Place } from '../community/place.tsx';
import type { ScreenParts } from '../screens.ts';
import { MetricBoard } from './metrics.tsx';
import { activityTexts } from './texts.ts';

const Deeds = ({ place }: { readonly place: Place }) => {
  const t = useTexts(activityTexts);
  const format = useFormat();
  const { communityId } = place;
  return (
    <section aria-labelledby="deeds">
      <h2 id="deeds">{t.deeds}</h2>
      <NounList
        list={['listActivity', communityId]}
        read={(query) => call('listActivity', { params: { communityId }, query })}
        filters={listActivityQuery}
        choices={{ userId: useMemberChoices(place) }}
        none={t.none}
        row={({ displayName, action, resource, occurredAt }) => ({
          title: displayName,
          badges: [{ text: action }],
          text: resource.name ?? '',
          note: format.ago(occurredAt),
        })}
      />
    </section>
  );
};

const Quiet = ({ place: { community, communityId } }: { readonly place: Place }) => {
  const t = useTexts(activityTexts);
  const days = community.settings.nonContributionThresholdDays;
  const pages = usePages(['listMembers', communityId, 'quiet', days], (cursor) =>
    call('listMembers', {
      params: { communityId },
      query: { notContributedForDays: days, ...(cursor === undefined ? {} : { cursor }) },
    }),
  );
  return (
    <section aria-labelledby="quiet">
      <h2 id="quiet">{t.quiet}</h2>
      <p className="muted">{t.quietFor(days)}</p>
      <PagedList pages={pages} empty={<p className="muted">{t.noneQuiet}</p>}>
        {(items) => <Rows rows={items.map(({ userId, displayName }) => ({ id: userId, title: displayName }))} />}
      </PagedList>
    </section>
  );
};

/** Shows what goes on in a community: metrics, deeds, and who did nothing for long. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(activityTexts);
  return (
    <CommunityScreen params={params} title={t.title} lead={t.lead}>
      {(place) => (
        <>
          {place.may('metrics:read') ? <MetricBoard communityId={place.communityId} /> : null}
          <Deeds place={place} />
          {place.may('member:read') ? <Quiet place={place} /> : null}
        </>
      )}
    </CommunityScreen>
  );
};
