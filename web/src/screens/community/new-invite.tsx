import { useState } from 'react';
import { call, type CallOf } from '../../api/call.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { RequestForm } from '../../kit/request-form.tsx';
import { Button } from '../../ui/button.tsx';
import { Copyable } from '../../ui/copied.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Select, TextField } from '../../ui/field.tsx';
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

interface RoleFieldParts {
  readonly place: Place;
  readonly value: string;
  readonly onChange: (role: string) => void;
}

/** The role that whoever accepts gets: a built-in one, or one of the community's own. */
const RoleField = ({ place, value, onChange }: RoleFieldParts) => {
  const t = useTexts(communityTexts);
  const ownRoles = useOwnRoleChoices(place);
  return (
    <Select label={t.asRole} value={value} onChange={(event) => onChange(event.target.value)}>
      {[...roles.map((one) => ({ value: one, label: t[one] })), ...ownRoles].map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </Select>
  );
};

/** An invite as its form has it. */
interface InviteDraft {
  /** A built-in role, or the id of one of the community's own. */
  readonly role: string;
  /** Empty: whoever has the link may use it. */
  readonly email: string;
  readonly uses: string;
}

const bodyOf = ({ role, email, uses }: InviteDraft): CallOf<'createInvite'>['body'] => ({
  ...(isRole(role) ? { role } : { ownRoleId: role }),
  uses: Number(uses),
  ...(email.trim() === '' ? {} : { email: email.trim() }),
});

/** Makes an invite, by mail or by a link that is shown once. */
export const NewInvite = ({ place, onClose }: { readonly place: Place; readonly onClose: () => void }) => {
  const t = useTexts(communityTexts);
  const [draft, setDraft] = useState<InviteDraft>({ role: 'member', email: '', uses: '1' });
  const creation = useDo(() => call('createInvite', { params: { communityId: place.communityId }, body: bodyOf(draft) }));
  if (creation.data !== undefined) return <MadeInvite token={creation.data.token} onClose={onClose} />;
  return (
    <Dialog title={t.invite} onClose={onClose}>
      <RequestForm request={creation} action={t.makeInvite}>
        <TextField
          label={t.to}
          type="email"
          hint={t.toHint}
          value={draft.email}
          fault={faultOf(creation.error, 'email')}
          onChange={(event) => setDraft({ ...draft, email: event.target.value })}
        />
        <RoleField place={place} value={draft.role} onChange={(role) => setDraft({ ...draft, role })} />
        <TextField
          label={t.uses}
          type="number"
          min={1}
          max={1000}
          value={draft.uses}
          fault={faultOf(creation.error, 'uses')}
          onChange={(event) => setDraft({ ...draft, uses: event.target.value })}
          required
        />
      </RequestForm>
    </Dialog>
  );
};
