import { call, type AnswerOf, type CallOf } from '../../api/call.ts';
import { reviseTrustGrant } from '../../api/fields.ts';
import { useDo, usePages, useRead, useWhole } from '../../api/reading.ts';
import { useState } from 'react';
import { useTexts } from '../../i18n/texts.ts';
import { FormDialog } from '../../kit/form.tsx';
import { Rows, type Row } from '../../kit/noun-list.tsx';
import { kitTexts } from '../../kit/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/notice.tsx';
import { PagedList } from '../../ui/states.tsx';
import type { Place } from '../community/place.tsx';
import { trustTexts } from './texts.ts';

type Score = AnswerOf<'listTrustScores'>['items'][number];

type Grant = CallOf<'reviseTrustGrant'>['body'];

interface GrantFormParts {
  readonly place: Place;
  readonly member: Score;
  readonly onClose: () => void;
}

/** Revises the grant of a member: it shows the one that stands, and replaces that one alone. */
const GrantForm = ({ place, member, onClose }: GrantFormParts) => {
  const t = useTexts(trustTexts);
  const k = useTexts(kitTexts);
  const params = { communityId: place.communityId, userId: member.userId };
  const grant = useRead('getTrustGrant', { params });
  if (grant.error !== null) return <Problem error={grant.error} />;
  if (grant.data === undefined) return null;
  const { version, points, reason } = grant.data;
  return (
    <FormDialog
      title={t.grantTo(member.displayName)}
      lead={t.grantLead}
      action={k.save}
      fields={reviseTrustGrant}
      item={grant.data}
      run={(change: Partial<Grant>) => call('reviseTrustGrant', { params, version, body: { points, reason, ...change } })}
      onClose={onClose}
    />
  );
};

interface VouchParts {
  readonly place: Place;
  readonly member: Score;
  readonly isVouched: boolean;
  readonly onVouch: () => void;
  readonly onGrant: () => void;
}

const Deeds = ({ place, member: { userId, displayName }, isVouched, onVouch, onGrant }: VouchParts) => {
  const t = useTexts(trustTexts);
  const mayVouch = userId !== place.ownId && (isVouched || place.may('trust:award'));
  return (
    <>
      {mayVouch ? (
        <Button
          look={isVouched ? 'quiet' : 'plain'}
          aria-label={isVouched ? t.withdrawFrom(displayName) : t.vouchFor(displayName)}
          onClick={onVouch}
        >
          {isVouched ? t.withdraw : t.vouch}
        </Button>
      ) : null}
      {place.may('trust:grant') ? (
        <Button look="quiet" aria-label={t.grantTo(displayName)} onClick={onGrant}>
          {t.grant}
        </Button>
      ) : null}
    </>
  );
};

/** Whom the person has vouched for, and what vouches or withdraws. */
const useVouching = ({ communityId, ownId }: Place) => {
  const own = useWhole(['listTrustAwards', communityId, ownId], (page) =>
    call('listTrustAwards', { params: { communityId }, query: { ...page, from: ownId } }),
  );
  const vouched = new Set(own.data?.map(({ toUserId }) => toUserId));
  const vouching = useDo((userId: string): Promise<unknown> =>
    vouched.has(userId)
      ? call('withdrawTrustAward', { params: { communityId, userId } })
      : call('awardTrust', { params: { communityId, userId } }),
  );
  return { vouched, vouching };
};

/** The members by their trust, with what the person may do about each. */
export const Scores = ({ place }: { readonly place: Place }) => {
  const t = useTexts(trustTexts);
  const { communityId, ownId } = place;
  const [granted, setGranted] = useState<Score | null>(null);
  const pages = usePages(['listTrustScores', communityId], (cursor) =>
    call('listTrustScores', { params: { communityId }, query: cursor === undefined ? {} : { cursor } }),
  );
  const { vouched, vouching } = useVouching(place);
  const deedsOf = (member: Score) => (
    <Deeds
      place={place}
      member={member}
      isVouched={vouched.has(member.userId)}
      onVouch={() => vouching.mutate(member.userId)}
      onGrant={() => setGranted(member)}
    />
  );
  const rowOf = (member: Score): Row & { readonly id: string } => ({
    id: member.userId,
    title: member.displayName,
    badges: [{ text: member.title, look: 'info' }, ...(member.userId === ownId ? [{ text: t.you }] : [])],
    note: `${member.score} (${t.scoreOf(member.awards, member.points)})`,
    actions: deedsOf(member),
  });
  return (
    <section aria-labelledby="scores">
      <h2 id="scores">{t.members}</h2>
      <Problem error={vouching.error} />
      <PagedList pages={pages} empty={null}>
        {(items) => <Rows rows={items.map(rowOf)} />}
      </PagedList>
      {granted === null ? null : <GrantForm place={place} member={granted} onClose={() => setGranted(null)} />}
    </section>
  );
};
