import type { Forum } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { createThread, listThreadsQuery, updateForum } from '../../api/fields.ts';
import { useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Creation } from '../../kit/creation.tsx';
import { Detail } from '../../kit/detail.tsx';
import { NounList } from '../../kit/noun-list.tsx';
import { kitTexts } from '../../kit/texts.ts';
import { navigate } from '../../router/router.ts';
import { Shown } from '../../ui/states.tsx';
import { CommunityScreen, type Place } from '../community/place.tsx';
import { forumTexts } from '../forums/texts.ts';
import type { ScreenParts } from '../screens.ts';

interface ForumParts {
  readonly place: Place;
  readonly forum: Forum;
}

const { unread, q, sort, state } = listThreadsQuery;

const About = ({ place, forum }: ForumParts) => {
  const t = useTexts(forumTexts);
  const k = useTexts(kitTexts);
  const format = useFormat();
  const { version, description, createdByName, createdAt } = forum;
  const params = { communityId: place.communityId, forumId: forum.id };
  return (
    <Detail
      item={forum}
      description={description}
      facts={[[t.made, k.by(createdByName, format.time(createdAt))]]}
      actions={[{ label: t.readAll, look: 'quiet', run: () => call('markForumRead', { params }) }]}
      edit={
        place.may('forum:update') ? { fields: updateForum, run: (body) => call('updateForum', { params, version, body }) } : null
      }
      remove={
        place.may('forum:delete') ? { run: () => call('deleteForum', { params, version }), to: `${place.address}/forums` } : null
      }
    />
  );
};

const Threads = ({ place, forum }: ForumParts) => {
  const t = useTexts(forumTexts);
  const format = useFormat();
  const params = { communityId: place.communityId, forumId: forum.id };
  const address = `${place.address}/forums/${forum.id}/threads`;
  return (
    <>
      {place.may('forum:post') ? (
        <div>
          <Creation
            label={t.newThread}
            action={t.begin}
            fields={createThread}
            run={(body) => call('createThread', { params, body })}
            onDone={({ id }) => navigate(`${address}/${id}`)}
          />
        </div>
      ) : null}
      <NounList
        list={['listThreads', forum.id]}
        read={(query) => call('listThreads', { params, query })}
        filters={{ q, unread, sort, state }}
        none={t.noThreads}
        row={({ id, title, createdByName, postCount, unreadCount, lastPostAt }) => ({
          title,
          to: `${address}/${id}`,
          badges: [
            { text: t.posts(postCount) },
            ...(unreadCount > 0 ? [{ text: t.unread(unreadCount), look: 'warn' } as const] : []),
          ],
          note: `${createdByName} · ${t.lastPost(format.ago(lastPostAt))}`,
        })}
        restore={place.may('forum:post') ? ({ id }) => call('restoreThread', { params: { ...params, threadId: id } }) : undefined}
      />
    </>
  );
};

/** One forum with its threads. */
export const Screen = ({ params }: ScreenParts) => {
  const read = useRead('getForum', { params: { communityId: params['communityId'] ?? '', forumId: params['forumId'] ?? '' } });
  return (
    <CommunityScreen params={params} title={read.data?.name ?? ''}>
      {(place) => (
        <Shown read={read}>
          {(forum) => (
            <>
              <About place={place} forum={forum} />
              <Threads place={place} forum={forum} />
            </>
          )}
        </Shown>
      )}
    </CommunityScreen>
  );
};
