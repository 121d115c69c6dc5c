import type { Council } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { updateCouncil } from '../../api/fields.ts';
import { useDo, usePages, useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Creation } from '../../kit/creation.tsx';
import { Detail } from '../../kit/detail.tsx';
import { Rows } from '../../kit/noun-list.tsx';
import { kitTexts } from '../../kit/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/notice.tsx';
import { PagedList, Shown } from '../../ui/states.tsx';
import { useMemberChoices } from '../community/choices.ts';
import { CommunityScreen, type Place } from '../community/place.tsx';
import { councilTexts } from '../councils/texts.ts';
import type { ScreenParts } from '../screens.ts';

interface CouncilParts {
  readonly place: Place;
  readonly council: Council;
}

const memberField = { userId: { kind: 'choice', isRequired: true } } as const;

const AddMember = ({ place, council, known }: CouncilParts & { readonly known: ReadonlySet<string> }) => {
  const t = useTexts(councilTexts);
  const choices = useMemberChoices(place).filter(({ value }) => !known.has(value));
  if (choices.length === 0) return null;
  return (
    <div>
      <Creation
        label={t.add}
        look="plain"
        action={t.addYes}
        fields={memberField}
        choices={{ userId: choices }}
        run={({ userId }: { readonly userId: string }) =>
          call('addCouncilMember', { params: { communityId: place.communityId, councilId: council.id, userId } })
        }
      />
    </div>
  );
};

const Members = ({ place, council }: CouncilParts) => {
  const t = useTexts(councilTexts);
  const format = useFormat();
  const params = { communityId: place.communityId, councilId: council.id };
  const pages = usePages(['listCouncilMembers', council.id], (cursor) =>
    call('listCouncilMembers', { params, query: cursor === undefined ? {} : { cursor } }),
  );
  const removal = useDo((userId: string) => call('removeCouncilMember', { params: { ...params, userId } }));
  const known = new Set(pages.data?.pages.flatMap(({ items }) => items.map(({ userId }) => userId)));
  return (
    <section aria-labelledby="council-members">
      <h2 id="council-members">{t.members}</h2>
      <Problem error={removal.error} />
      <PagedList pages={pages} empty={<p className="muted">{t.noMembers}</p>}>
        {(items) => (
          <Rows
            rows={items.map(({ userId, displayName, joinedAt }) => {
              const isOwn = userId === place.ownId;
              const mayRemove = isOwn || place.may('council-member:remove');
              const label = isOwn ? t.leave : t.removeOne(displayName);
              return {
                id: userId,
                title: displayName,
                note: t.since(format.time(joinedAt)),
                actions: mayRemove ? (
                  <Button look="quiet" aria-label={label} onClick={() => removal.mutate(userId)}>
                    {isOwn ? t.leave : t.remove}
                  </Button>
                ) : null,
              };
            })}
          />
        )}
      </PagedList>
      {place.may('council-member:add') ? <AddMember place={place} council={council} known={known} /> : null}
    </section>
  );
};

const Opened = ({ place, council }: CouncilParts) => {
  const t = useTexts(councilTexts);
  const k = useTexts(kitTexts);
  const format = useFormat();
  const params = { communityId: place.communityId, councilId: council.id };
  const { version, createdAt, createdByName, description } = council;
  return (
    <>
      <Detail
        item={council}
        description={description}
        facts={[[t.made, k.by(createdByName, format.time(createdAt))]]}
        edit={
          place.may('council:update')
            ? { fields: updateCouncil, run: (body) => call('updateCouncil', { params, version, body }) }
            : null
        }
        remove={
          place.may('council:delete')
            ? { run: () => call('deleteCouncil', { params, version }), to: `${place.address}/councils` }
            : null
        }
      />
      <Members place={place} council={council} />
    </>
  );
};

/** One council, and who belongs to it. */
export const Screen = ({ params }: ScreenParts) => {
  const request = { params: { communityId: params['communityId'] ?? '', councilId: params['councilId'] ?? '' } };
  const read = useRead('getCouncil', request);
  return (
    <CommunityScreen params={params} title={read.data?.name ?? ''}>
      {(place) => <Shown read={read}>{(council) => <Opened place={place} council={council} />}</Shown>}
    </CommunityScreen>
  );
};
