import { call } from '../../api/call.ts';
import { createForum, listForumsQuery } from '../../api/fields.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Creation } from '../../kit/creation.tsx';
import { NounList } from '../../kit/noun-list.tsx';
import { navigate } from '../../router/router.ts';
import { CommunityScreen, type Place } from '../community/place.tsx';
import type { ScreenParts } from '../screens.ts';
import { forumTexts } from './texts.ts';

const NewForum = ({ place: { communityId, address, may } }: { readonly place: Place }) => {
  const t = useTexts(forumTexts);
  if (!may('forum:create')) return null;
  return (
    <Creation
      label={t.new}
      action={t.create}
      fields={createForum}
      run={(body) => call('createForum', { params: { communityId }, body })}
      onDone={({ id }) => navigate(`${address}/forums/${id}`)}
    />
  );
};

/** The forums of a community, with what the person has not read. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(forumTexts);
  const format = useFormat();
  return (
    <CommunityScreen params={params} title={t.title} lead={t.lead} Head={NewForum}>
      {({ communityId, address, may }) => (
        <NounList
          list={['listForums', communityId]}
          read={(query) => call('listForums', { params: { communityId }, query })}
          filters={listForumsQuery}
          none={t.none}
          row={({ id, name, description, threadCount, unreadThreadCount, lastPostAt }) => ({
            title: name,
            to: `${address}/forums/${id}`,
            text: description,
            badges: [
              { text: t.threads(threadCount) },
              ...(unreadThreadCount > 0 ? [{ text: t.unread(unreadThreadCount), look: 'warn' } as const] : []),
            ],
            note: lastPostAt === null ? '' : t.lastPost(format.ago(lastPostAt)),
          })}
          restore={may('forum:delete') ? ({ id }) => call('restoreForum', { params: { communityId, forumId: id } }) : undefined}
        />
      )}
    </CommunityScreen>
  );
};
