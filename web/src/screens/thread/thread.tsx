import type { AnswerOf } from '../../api/call.ts';
import { useEffect, useState } from 'react';
import { call } from '../../api/call.ts';
import { createPost, updateThread } from '../../api/fields.ts';
import { useDo, usePages, useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Detail } from '../../kit/detail.tsx';
import { kitTexts } from '../../kit/texts.ts';
import { Link } from '../../router/link.tsx';
import { Button } from '../../ui/button.tsx';
import { submitting, TextArea } from '../../ui/field.tsx';
import { Problem } from '../../ui/notice.tsx';
import { PagedList, Shown } from '../../ui/states.tsx';
import { CommunityScreen, type Place } from '../community/place.tsx';
import { forumTexts } from '../forums/texts.ts';
import type { ScreenParts } from '../screens.ts';
import { PostRow, type ThreadParams } from './post-row.tsx';
import './thread.css';

type Thread = AnswerOf<'getThread'>;

const About = ({ place, thread, params }: { readonly place: Place; readonly thread: Thread; readonly params: ThreadParams }) => {
  const t = useTexts(forumTexts);
  const k = useTexts(kitTexts);
  const format = useFormat();
  const { version } = thread;
  const forum = useRead('getForum', { params: { communityId: params.communityId, forumId: params.forumId } });
  const address = `${place.address}/forums/${params.forumId}`;
  const mayChange = place.may('forum:moderate') || (thread.createdBy === place.ownId && place.may('forum:post'));
  return (
    <Detail
      item={thread}
      facts={[
        [
          t.title,
          <Link key="forum" to={address}>
            {forum.data?.name ?? ''}
          </Link>,
        ],
        [t.made, k.by(thread.createdByName, format.time(thread.createdAt))],
      ]}
      edit={mayChange ? { fields: updateThread, run: (body) => call('updateThread', { params, version, body }) } : null}
      remove={mayChange ? { run: () => call('deleteThread', { params, version }), to: address } : null}
    />
  );
};

const Answer = ({ params }: { readonly params: ThreadParams }) => {
  const t = useTexts(forumTexts);
  const [content, setContent] = useState('');
  const posting = useDo(
    () => call('createPost', { params, body: { content } }),
    () => setContent(''),
  );
  return (
    <form className="stack" onSubmit={submitting(() => posting.mutate(undefined))}>
      <Problem error={posting.error} />
      <TextArea
        label={t.answer}
        value={content}
        maxLength={createPost.content.max}
        onChange={(event) => setContent(event.target.value)}
        required
      />
      <div>
        <Button type="submit" look="main" isBusy={posting.isPending}>
          {t.post}
        </Button>
      </div>
    </form>
  );
};

const Posts = ({ place, params }: { readonly place: Place; readonly params: ThreadParams }) => {
  const t = useTexts(forumTexts);
  const pages = usePages(['listPosts', params], (cursor) =>
    call('listPosts', { params, query: cursor === undefined ? { limit: 50 } : { limit: 50, cursor } }),
  );
  const last = pages.data?.pages.at(-1)?.items.at(-1);
  // What was new when the page was opened stays marked until the next visit.
  const isRead = last?.isUnread === false;
  const lastId = last?.id;
  const marking = useDo((postId: string) => call('markThreadRead', { params, body: { postId } }));
  const { mutate } = marking;
  useEffect(() => {
    if (lastId !== undefined && !isRead) mutate(lastId);
  }, [lastId, isRead, mutate]);
  return (
    <section aria-label={t.answers}>
      <PagedList pages={pages} empty={null}>
        {(items) => (
          <ol className="posts">
            {items.map((post) => (
              <PostRow key={post.id} place={place} params={params} post={post} />
            ))}
          </ol>
        )}
      </PagedList>
      {place.may('forum:post') && !pages.hasNextPage ? <Answer params={params} /> : null}
    </section>
  );
};

/** One thread with its posts; showing them marks them as read. */
export const Screen = ({ params: given }: ScreenParts) => {
  const params = {
    communityId: given['communityId'] ?? '',
    forumId: given['forumId'] ?? '',
    threadId: given['threadId'] ?? '',
  };
  const read = useRead('getThread', { params });
  return (
    <CommunityScreen params={given} title={read.data?.title ?? ''}>
      {(place) => (
        <Shown read={read}>
          {(thread) => (
            <>
              <About place={place} thread={thread} params={params} />
              <Posts place={place} params={params} />
            </>
          )}
        </Shown>
      )}
    </CommunityScreen>
  );
};
