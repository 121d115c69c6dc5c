import type { AnswerOf } from '../../api/call.ts';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { removePost, updatePost } from '../../api/fields.ts';
import { useDo } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { FormDialog } from '../../kit/form.tsx';
import { kitTexts } from '../../kit/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/notice.tsx';
import type { Place } from '../community/place.tsx';
import { forumTexts } from '../forums/texts.ts';

export interface ThreadParams {
  readonly communityId: string;
  readonly forumId: string;
  readonly threadId: string;
}

type Post = AnswerOf<'listPosts'>['items'][number];

interface PostParts {
  readonly place: Place;
  readonly params: ThreadParams;
  readonly post: Post;
}

/** The deeds on a post that is there: its author edits and deletes, moderators remove with a reason. */
const PostDeeds = ({ place, params: inThread, post }: PostParts) => {
  const t = useTexts(forumTexts);
  const k = useTexts(kitTexts);
  const [dialog, setDialog] = useState<'edit' | 'remove' | null>(null);
  const params = { ...inThread, postId: post.id };
  const { version } = post;
  const deletion = useDo(() => call('deletePost', { params, version }));
  const isOwn = post.createdBy === place.ownId && place.may('forum:post');
  const close = (): void => setDialog(null);
  const deed = (label: string, run: () => void) => (
    <Button look="quiet" aria-label={t.of(label, post.createdByName)} onClick={run}>
      {label}
    </Button>
  );
  return (
    <>
      <Problem error={deletion.error} />
      <div className="post-deeds">
        {isOwn ? deed(t.editPost, () => setDialog('edit')) : null}
        {isOwn ? deed(t.deletePost, () => deletion.mutate(undefined)) : null}
        {!isOwn && place.may('forum:moderate') ? deed(t.removePost, () => setDialog('remove')) : null}
      </div>
      {dialog === 'edit' ? (
        <FormDialog
          title={t.editPost}
          action={k.save}
          fields={updatePost}
          item={post}
          run={(body) => call('updatePost', { params, version, body })}
          onClose={close}
        />
      ) : null}
      {dialog === 'remove' ? (
        <FormDialog
          title={t.removePost}
          lead={t.removeLead}
          action={t.removePost}
          fields={removePost}
          run={(body) => call('removePost', { params, body })}
          onClose={close}
        />
      ) : null}
    </>
  );
};

/** A post, or what stands in the place of one that is gone. */
export const PostRow = (parts: PostParts) => {
  const t = useTexts(forumTexts);
  const format = useFormat();
  const { post } = parts;
  const [wasUnread] = useState(post.isUnread && post.createdBy !== parts.place.ownId);
  const { content, deletion, version } = post;
  return (
    <li className="post panel">
      <p className="post-head">
        <strong>{post.createdByName}</strong>
        <span className="muted" title={format.exact(post.createdAt)}>
          {format.ago(post.createdAt)}
          {version > 1 && content !== null ? ` · ${t.edited}` : ''}
        </span>
        {wasUnread ? <span className="badge warn">{t.fresh}</span> : null}
      </p>
      {content === null ? (
        <p className="muted">{deletion?.reason === null || deletion === null ? t.gone : t.removed(deletion.reason)}</p>
      ) : (
        <>
          <p className="prose">{content}</p>
          <PostDeeds {...parts} />
        </>
      )}
    </li>
  );
};
