import type { Role } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { useRead } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Actions } from '../../kit/actions.tsx';
import { GlobalBlame } from '../../kit/blame-link.tsx';
import { Badges, Rows } from '../../kit/noun-list.tsx';
import { Link } from '../../router/link.tsx';
import { navigate } from '../../router/router.ts';
import { Notice } from '../../ui/notice.tsx';
import { Loading, Shown } from '../../ui/states.tsx';
import { AdminScreen, type Administrator } from '../admin/frame.tsx';
import { adminTexts } from '../admin/texts.ts';
import { roleTexts } from '../roles/texts.ts';
import type { ScreenParts } from '../screens.ts';
import { RoleEditor } from './role-editor.tsx';
import { holdersMax, useHolders, type Holders } from './use-holders.ts';

const HolderList = ({ holders: { items, isCut } }: { readonly holders: Holders }) => {
  const t = useTexts(roleTexts);
  return (
    <section aria-labelledby="holders">
      <h2 id="holders">{t.holders}</h2>
      {items === undefined ? <Loading lines={2} /> : null}
      {items?.length === 0 ? <p className="muted">{t.noHolders}</p> : null}
      {items === undefined || items.length === 0 ? null : (
        <Rows
          rows={items.map(({ id, displayName, isService }) => ({
            id,
            title: displayName,
            to: `/app/admin/${isService ? 'service-accounts' : 'users'}/${id}`,
            ...(isService ? { badges: [{ text: t.program }] } : {}),
          }))}
        />
      )}
      {isCut ? <p className="muted">{t.firstHolders(holdersMax)}</p> : null}
    </section>
  );
};

interface RoleParts {
  readonly admin: Administrator;
  readonly role: Role;
}

/** Why the person cannot change the role; null for one that they can. */
const useObstacle = ({ admin, role: { isSystem, permissions } }: RoleParts): string | null => {
  const t = useTexts(roleTexts);
  if (isSystem) return t.systemText;
  if (!admin.may('role:assign')) return '';
  return permissions.every((permission) => admin.permissions.includes(permission)) ? null : t.tooMuch;
};

const Opened = ({ admin, role }: RoleParts) => {
  const t = useTexts(roleTexts);
  const { name, version, permissions, isSystem } = role;
  const mayReadUsers = admin.may('user:read');
  const holders = useHolders(name, mayReadUsers);
  const obstacle = useObstacle({ admin, role });
  return (
    <>
      <p className="buttons">
        <Badges badges={[{ text: isSystem ? t.system : t.own, look: 'info' }]} />
        {isSystem ? null : <GlobalBlame type="role" id={name} path="/permissions" name={t.permissions} />}
      </p>
      {obstacle === null ? (
        <RoleEditor admin={admin} role={role} />
      ) : (
        <section className="panel stack" aria-label={t.permissions}>
          <p className="buttons">
            <Badges badges={permissions.map((text) => ({ text }))} />
          </p>
          {obstacle === '' ? null : <Notice>{obstacle}</Notice>}
        </section>
      )}
      {mayReadUsers ? <HolderList holders={holders} /> : null}
      {obstacle === null && holders.items?.length === 0 ? (
        <Actions
          actions={[
            {
              label: t.remove,
              look: 'danger',
              question: t.removeText,
              run: () => call('deleteRole', { params: { role: name }, version }),
              onDone: () => navigate('/app/admin/roles', { replace: true }),
            },
          ]}
        />
      ) : null}
    </>
  );
};

/** One global role: what it permits, who holds it, and what a change would do to them. */
export const Screen = ({ params }: ScreenParts) => {
  const t = useTexts(adminTexts);
  const name = params['role'] ?? '';
  const read = useRead('getRole', { params: { role: name } });
  return (
    <AdminScreen title={name} trail={<Link to="/app/admin/roles">{t.roles}</Link>}>
      {(admin) => <Shown read={read}>{(role) => <Opened admin={admin} role={role} />}</Shown>}
    </AdminScreen>
  );
};
