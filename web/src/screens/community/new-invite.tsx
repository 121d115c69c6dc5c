import { useState } from 'react';
import { call } from '../../api/call.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Button } from '../../ui/button.tsx';
import { Copyable } from '../../ui/copied.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Select, submitting, TextField } from '../../ui/field.tsx';
import { Problem } from '../../ui/notice.tsx';
import { useOwnRoleChoices } from './choices.ts';
import type { Place } from './place.tsx';
import { communityTexts } from './texts.ts';

const roles = ['member', 'viewer', 'moderator', 'admin'] as const;
const isRole = (text: string): text is (typeof roles)[number] => (roles as readonly string[]).includes(text);

const MadeInvite = ({ token, onClose }: { readonly token: string; readonly onClose: () => void }) => {
  const t = useTexts(communityTexts);
  return (
    <Dialog title={t.link} onClose={onClose}>
      <div className="stack">
        <p>{t.linkText}</p>
        <Copyable label={t.link} text={`${location.origin}/#/invites/${token}`} />
        <div>
          <Button look="main" onClick={onClose}>
            {t.done}
          </Button>
        </div>
      </div>
    </Dialog>
  );
};

/** Makes an invite, by mail or by a link that is shown once. */
export const NewInvite = ({ place, onClose }: { readonly place: Place; readonly onClose: () => void }) => {
  const { communityId } = place;
  const t = useTexts(communityTexts);
  const ownRoles = useOwnRoleChoices(place);
  const [role, setRole] = useState<string>('member');
  const [email, setEmail] = useState('');
  const [uses, setUses] = useState('1');
  const creation = useDo(() =>
    call('createInvite', {
      params: { communityId },
      body: {
        ...(isRole(role) ? { role } : { ownRoleId: role }),
        uses: Number(uses),
        ...(email.trim() === '' ? {} : { email: email.trim() }),
      },
    }),
  );
  if (creation.data !== undefined) return <MadeInvite token={creation.data.token} onClose={onClose} />;
  return (
    <Dialog title={t.invite} onClose={onClose}>
      <form className="stack" onSubmit={submitting(() => creation.mutate(undefined))}>
        <Problem error={creation.error} />
        <TextField
          label={t.to}
          type="email"
          hint={t.toHint}
          value={email}
          fault={faultOf(creation.error, 'email')}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Select label={t.asRole} value={role} onChange={(event) => setRole(event.target.value)}>
          {roles.map((one) => (
            <option key={one} value={one}>
              {t[one]}
            </option>
          ))}
          {ownRoles.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        <TextField
          label={t.uses}
          type="number"
          min={1}
          max={1000}
          value={uses}
          onChange={(event) => setUses(event.target.value)}
          required
        />
        <div>
          <Button type="submit" look="main" isBusy={creation.isPending}>
            {t.makeInvite}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};
