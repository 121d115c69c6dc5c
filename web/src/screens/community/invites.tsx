import type { Invite } from '@guildhall/contracts';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useDo, usePages } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/notice.tsx';
import { PagedList } from '../../ui/states.tsx';
import type { Place } from './place.tsx';
import { NewInvite } from './new-invite.tsx';
import { communityTexts } from './texts.ts';

const OpenInvites = ({
  invites,
  onRevoke,
}: {
  readonly invites: readonly Invite[];
  readonly onRevoke: (inviteId: string) => void;
}) => {
  const t = useTexts(communityTexts);
  const format = useFormat();
  if (invites.length === 0) return <p className="muted">{t.noInvites}</p>;
  return (
    <ul className="rows">
      {invites.map(({ id, email, role, ownRole, usesLeft, expiresAt }) => (
        <li key={id} className="row">
          <span className="row-title">{email ?? t.byLink}</span>
          <span className="badge">{ownRole?.name ?? t[role]}</span>
          <span className="row-note">
            {t.usesLeft(usesLeft)} · {t.until(format.time(expiresAt))}
          </span>
          <Button look="quiet" onClick={() => onRevoke(id)}>
            {t.revoke}
          </Button>
        </li>
      ))}
    </ul>
  );
};

/** The open invites of a community. */
export const Invites = ({ place }: { readonly place: Place }) => {
  const t = useTexts(communityTexts);
  const [isNew, setNew] = useState(false);
  const { communityId } = place;
  const pages = usePages(['listInvites', communityId], (cursor) =>
    call('listInvites', { params: { communityId }, query: cursor === undefined ? {} : { cursor } }),
  );
  const revocation = useDo((inviteId: string) => call('revokeInvite', { params: { communityId, inviteId } }));
  return (
    <section aria-labelledby="invites">
      <h2 id="invites">{t.invites}</h2>
      <Problem error={revocation.error} />
      <PagedList pages={pages} empty={<p className="muted">{t.noInvites}</p>}>
        {(items) => (
          <OpenInvites invites={items.filter(({ status }) => status === 'open')} onRevoke={(id) => revocation.mutate(id)} />
        )}
      </PagedList>
      <div>
        <Button icon="plus" onClick={() => setNew(true)}>
          {t.invite}
        </Button>
      </div>
      {isNew ? <NewInvite place={place} onClose={() => setNew(false)} /> : null}
    </section>
  );
};
