import { call } from '../../api/call.ts';
import { createServiceAccount } from '../../api/fields.ts';
import { usePages } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Creation } from '../../kit/creation.tsx';
import { Rows } from '../../kit/noun-list.tsx';
import { navigate } from '../../router/router.ts';
import { Empty, PagedList } from '../../ui/states.tsx';
import { AdminScreen, type Administrator } from '../admin/frame.tsx';
import { adminTexts } from '../admin/texts.ts';

const Head = ({ admin }: { readonly admin: Administrator }) => {
  const t = useTexts(adminTexts);
  if (!admin.may('user:update')) return null;
  return (
    <Creation
      label={t.newServiceAccount}
      action={t.newServiceAccount}
      lead={t.serviceAccountsLead}
      fields={createServiceAccount}
      run={(body) => call('createServiceAccount', { body })}
      onDone={({ id }) => navigate(`/app/admin/service-accounts/${id}`)}
    />
  );
};

const List = () => {
  const t = useTexts(adminTexts);
  const format = useFormat();
  const pages = usePages(['listServiceAccounts'], (cursor) =>
    call('listServiceAccounts', { query: cursor === undefined ? {} : { cursor } }),
  );
  return (
    <PagedList pages={pages} empty={<Empty title={t.noServiceAccounts} />}>
      {(items) => (
        <Rows
          rows={items.map(({ id, name, status, roles, createdAt }) => ({
            id,
            title: name,
            to: `/app/admin/service-accounts/${id}`,
            badges: [
              ...(status === 'suspended' ? [{ text: t.suspended, look: 'bad' } as const] : []),
              ...roles.map((role) => ({ text: role, look: 'info' }) as const),
            ],
            note: t.since(format.time(createdAt)),
          }))}
        />
      )}
    </PagedList>
  );
};

/** The accounts of programs. */
export const Screen = () => {
  const t = useTexts(adminTexts);
  return (
    <AdminScreen title={t.serviceAccounts} lead={t.serviceAccountsLead} Head={Head}>
      {() => <List />}
    </AdminScreen>
  );
};
