import type { AnswerOf } from '../../api/call.ts';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { removePost, updatePost } from '../../api/fields.ts';
import { useDo } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Confirmation } from '../../kit/actions.tsx';
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

type Deed = 'edit' | 'delete' | 'remove';

interface PostDialogParts extends PostParts {
  readonly deed: Deed;
  readonly onClose: () => void;
}

/** Asks for what a deed on a post needs. */
const PostDialog = ({ params: inThread, post, deed, onClose }: PostDialogParts) => {
  const t = useTexts(forumTexts);
  const k = useTexts(kitTexts);
  const params = { ...inThread, postId: post.id };
  const { version } = post;
  if (deed === 'edit')
    return (
      <FormDialog
        title={t.editPost}
        action={k.save}
        fields={updatePost}
        item={post}
        run={(body) => call('updatePost', { params, version, body })}
        onClose={onClose}
      />
    );
  if (deed === 'delete')
    return (
      <Confirmation
        action={{ label: t.deletePost, question: t.deleteLead, run: () => call('deletePost', { params, version }) }}
        onClose={onClose}
      />
    );
  return (
    <FormDialog
      title={t.removePost}
      lead={t.removeLead}
      action={t.removePost}
      fields={removePost}
      run={(body) => call('removePost', { params, body })}
      onClose={onClose}
    />
  );
};

/** The deeds on a post that is there: its author edits and deletes, moderators remove with a reason. */
const PostDeeds = (parts: PostParts) => {
  const { place, post } = parts;
  const t = useTexts(forumTexts);
  const [deed, setDeed] = useState<Deed | null>(null);
  const isOwn = post.createdBy === place.ownId && place.may('forum:post');
  const button = (label: string, asked: Deed) => (
    <Button look="quiet" aria-label={t.of(label, post.createdByName)} onClick={() => setDeed(asked)}>
      {label}
    </Button>
  );
  return (
    <>
      <div className="post-deeds">
        {isOwn ? button(t.editPost, 'edit') : null}
        {isOwn ? button(t.deletePost, 'delete') : null}
        {!isOwn && place.may('forum:moderate') ? button(t.removePost, 'remove') : null}
      </div>
      {deed === null ? null : <PostDialog {...parts} deed={deed} onClose={() => setDeed(null)} />}
    </>
  );
};

/** The note in the place of a post that is gone, and the way back: for its author, who deleted it, and for moderators. */
const GonePost = ({ place, params, post: { id: postId, createdBy, createdByName, deletion } }: PostParts) => {
  const t = useTexts(forumTexts);
  const k = useTexts(kitTexts);
  const restoration = useDo(() => call('restorePost', { params: { ...params, postId } }));
  const isOwn = createdBy === place.ownId && deletion?.by === place.ownId;
  const mayRestore = place.may('forum:moderate') || (isOwn && place.may('forum:post'));
  const reason = deletion?.reason ?? null;
  return (
    <>
      <p className="muted">{reason === null ? t.gone : t.removed(reason)}</p>
      <Problem error={restoration.error} />
      {mayRestore ? (
        <div className="post-deeds">
          <Button
            look="quiet"
            aria-label={t.of(k.restore, createdByName)}
            isBusy={restoration.isPending}
            onClick={() => restoration.mutate(undefined)}
          >
            {k.restore}
          </Button>
        </div>
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
  const { content, version } = post;
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
        <GonePost {...parts} />
      ) : (
        <>
          <p className="prose">{content}</p>
          <PostDeeds {...parts} />
        </>
      )}
    </li>
  );
};
