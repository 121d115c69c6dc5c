import type { User } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { listUsersQuery } from '../../api/fields.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { NounList, type Badge } from '../../kit/noun-list.tsx';
import { useRoleChoices } from '../admin/choices.ts';
import { AdminScreen, type Administrator } from '../admin/frame.tsx';
import { adminTexts } from '../admin/texts.ts';

const List = ({ admin }: { readonly admin: Administrator }) => {
  const t = useTexts(adminTexts);
  const format = useFormat();
  const role = useRoleChoices(admin.may('role:read'));
  const badgesOf = ({ id, status, isEmailVerified, roles }: User): readonly Badge[] => [
    ...(id === admin.ownId ? [{ text: t.you }] : []),
    ...(status === 'suspended' ? [{ text: t.suspended, look: 'bad' } as const] : []),
    ...(isEmailVerified ? [] : [{ text: t.unverified, look: 'warn' } as const]),
    ...roles.map((name) => ({ text: name, look: 'info' }) as const),
  ];
  return (
    <NounList
      list={['listUsers']}
      read={(query) => call('listUsers', { query })}
      filters={listUsersQuery}
      choices={{ role }}
      none={t.noUsers}
      row={(user) => ({
        title: user.displayName,
        to: `/app/admin/users/${user.id}`,
        badges: badgesOf(user),
        text: user.email,
        note: t.since(format.time(user.createdAt)),
      })}
    />
  );
};

/** The accounts of the installation. */
export const Screen = () => {
  const t = useTexts(adminTexts);
  return (
    <AdminScreen title={t.users} lead={t.usersLead}>
      {(admin) => <List admin={admin} />}
    </AdminScreen>
  );
};
