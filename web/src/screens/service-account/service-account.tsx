import type { PersonalToken, User } from '@guildhall/contracts';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { usePages, useRead } from '../../api/reading.ts';
import { useFormat } from '../../i18n/format.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Detail } from '../../kit/detail.tsx';
import { NewTokenDialog, RotationDialog } from '../../kit/token-form.tsx';
import { TokenList } from '../../kit/token-list.tsx';
import { tokenTexts } from '../../kit/token-texts.ts';
import { Link } from '../../router/link.tsx';
import { Button } from '../../ui/button.tsx';
import { PagedList, Shown } from '../../ui/states.tsx';
import { AdminScreen, type Administrator } from '../admin/frame.tsx';
import { adminTexts } from '../admin/texts.ts';
import type { ScreenParts } from '../screens.ts';
import { HeldRoles } from '../user/held-roles.tsx';
import { Rights } from '../user/rights.tsx';
import { userTexts } from '../user/texts.ts';

interface TokenDialogParts {
  readonly serviceAccountId: string;
  /** A token that another takes the place of; null for one that is new. */
  readonly rotated: PersonalToken | null;
  readonly onClose: () => void;
}

const TokenDialog = ({ serviceAccountId, rotated, onClose }: TokenDialogParts) => {
  const params = { serviceAccountId };
  if (rotated === null) return <NewTokenDialog run={(body) => call('createServiceToken', { params, body })} onClose={onClose} />;
  const { id: tokenId, name } = rotated;
  return (
    <RotationDialog
      name={name}
      run={(body) => call('rotateServiceToken', { params: { ...params, tokenId }, body })}
      onClose={onClose}
    />
  );
};

/** The tokens of a program, for whoever may change its account. */
const Tokens = ({ serviceAccountId, mayChange }: { readonly serviceAccountId: string; readonly mayChange: boolean }) => {
  const t = useTexts(tokenTexts);
  const [opened, setOpened] = useState<Pick<TokenDialogParts, 'rotated'> | null>(null);
  const params = { serviceAccountId };
  const pages = usePages(['listServiceTokens', serviceAccountId], (cursor) =>
    call('listServiceTokens', { params, query: cursor === undefined ? {} : { cursor } }),
  );
  return (
    <section aria-labelledby="tokens">
      <h2 id="tokens">{t.tokens}</h2>
      <PagedList pages={pages} empty={<p className="muted">{t.noTokens}</p>}>
        {(items) => (
          <TokenList
            items={items}
            {...(mayChange
              ? {
                  onRevoke: (revoked: string) => call('revokeServiceToken', { params: { ...params, tokenId: revoked } }),
                  actionsOf: (token: PersonalToken) => [
                    { label: t.rotateOne(token.name), look: 'quiet' as const, run: async () => setOpened({ rotated: token }) },
                  ],
                }
              : {})}
          />
        )}
      </PagedList>
      {mayChange ? (
        <div>
          <Button icon="plus" onClick={() => setOpened({ rotated: null })}>
            {t.newToken}
          </Button>
        </div>
      ) : null}
      {opened === null ? null : <TokenDialog serviceAccountId={serviceAccountId} {...opened} onClose={() => setOpened(null)} />}
    </section>
  );
};

const Opened = ({ admin, account }: { readonly admin: Administrator; readonly account: User }) => {
  const t = useTexts(userTexts);
  const format = useFormat();
  const { id, status, version, createdAt } = account;
  const setStatus = (next: User['status']) => call('updateUser', { params: { userId: id }, version, body: { status: next } });
  const mayChange = admin.may('user:update');
  return (
    <>
      <Detail
        item={account}
        badges={[{ text: t[status], look: status === 'active' ? 'good' : 'bad' }]}
        facts={[
          [t.id, <code key="id">{id}</code>],
          [t.opened, format.time(createdAt)],
        ]}
        actions={[
          !mayChange
            ? null
            : status === 'suspended'
              ? { label: t.reactivate, run: () => setStatus('active') }
              : { label: t.suspend, look: 'danger', question: t.suspendText, run: () => setStatus('suspended') },
        ]}
      />
      <Tokens serviceAccountId={id} mayChange={mayChange} />
      {admin.may('role:read') ? (
        <>
          <HeldRoles admin={admin} user={account} />
          <Rights user={account} />
        </>
      ) : null}
    </>
  );
};

/** One account of a program: its roles, what it may do, and its tokens. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(adminTexts);
  const read = useRead('getUser', { params: { userId: params['serviceAccountId'] ?? '' } });
  const trail = <Link to="/app/admin/service-accounts">{t.serviceAccounts}</Link>;
  return (
    <AdminScreen title={read.data?.displayName ?? t.serviceAccounts} trail={trail}>
      {(admin) => <Shown read={read}>{(account) => <Opened admin={admin} account={account} />}</Shown>}
    </AdminScreen>
  );
};
