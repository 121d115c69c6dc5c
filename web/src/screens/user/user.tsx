import type { User } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import type { Action } from '../../kit/actions.tsx';
import { Detail } from '../../kit/detail.tsx';
import { Link } from '../../router/link.tsx';
import { navigate } from '../../router/router.ts';
import { Shown } from '../../ui/states.tsx';
import { AdminScreen, type Administrator } from '../admin/frame.tsx';
import { adminTexts } from '../admin/texts.ts';
import type { ScreenParts } from '../screens.ts';
import { HeldRoles } from './held-roles.tsx';
import { Rights } from './rights.tsx';
import { UserSessions } from './user-sessions.tsx';
import { userTexts } from './texts.ts';

interface UserParts {
  readonly admin: Administrator;
  readonly user: User;
}

/** The actions that an administrator has on an account now. */
const useActions = ({ admin, user: { id: userId, status, version } }: UserParts): readonly (Action | null)[] => {
  const t = useTexts(userTexts);
  if (!admin.may('user:update')) return [];
  const params = { userId };
  const isOwn = userId === admin.ownId;
  const setStatus = (next: User['status']) => call('updateUser', { params, version, body: { status: next } });
  return [
    status === 'suspended' ? { label: t.reactivate, run: () => setStatus('active') } : null,
    { label: t.endSessions, question: t.endSessionsText, run: () => call('endUserSessions', { params }) },
    isOwn ? null : { label: t.resetFactors, question: t.resetFactorsText, run: () => call('resetSecondFactor', { params }) },
    isOwn || status === 'suspended'
      ? null
      : { label: t.suspend, look: 'danger', question: t.suspendText, run: () => setStatus('suspended') },
    isOwn
      ? null
      : {
          label: t.erase,
          look: 'danger',
          question: t.eraseText,
          run: () => call('eraseUser', { params }),
          onDone: () => navigate('/app/admin/users', { replace: true }),
        },
  ];
};

const Trails = ({ userId }: { readonly userId: string }) => {
  const t = useTexts(userTexts);
  const about = new URLSearchParams({ resourceType: 'user', resourceId: userId }).toString();
  return (
    <p className="buttons">
      <Link to={`/app/audit?actor=${userId}`}>{t.trail}</Link>
      <Link to={`/app/audit?${about}`}>{t.about}</Link>
    </p>
  );
};

const Opened = ({ admin, user }: UserParts) => {
  const t = useTexts(userTexts);
  const a = useTexts(adminTexts);
  const format = useFormat();
  const { id, email, isEmailVerified, status, createdAt } = user;
  return (
    <>
      <Detail
        item={user}
        badges={[
          { text: t[status], look: status === 'active' ? 'good' : 'bad' },
          ...(id === admin.ownId ? [{ text: a.you }] : []),
        ]}
        facts={[
          [t.email, isEmailVerified ? `${email} · ${t.confirmed}` : email],
          [t.id, <code key="id">{id}</code>],
          [t.opened, format.time(createdAt)],
        ]}
        actions={useActions({ admin, user })}
      />
      {admin.may('audit:read') ? <Trails userId={id} /> : null}
      {admin.may('role:read') ? (
        <>
          <HeldRoles admin={admin} user={user} />
          <Rights user={user} />
        </>
      ) : null}
      <UserSessions userId={id} />
    </>
  );
};

/** One account: what is known of it, its roles, what it may do and why, and where it is signed in. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(adminTexts);
  const read = useRead('getUser', { params: { userId: params['userId'] ?? '' } });
  return (
    <AdminScreen title={read.data?.displayName ?? t.users} trail={<Link to="/app/admin/users">{t.users}</Link>}>
      {(admin) => <Shown read={read}>{(user) => <Opened admin={admin} user={user} />}</Shown>}
    </AdminScreen>
  );
};
