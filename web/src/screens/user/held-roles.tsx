import type { Role, User } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { useDo } from '../../api/reading.ts';
import { useTexts } from '../../i18n/texts.ts';
import { GlobalBlame } from '../../kit/blame-link.tsx';
import { Link } from '../../router/link.tsx';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/notice.tsx';
import { useRoles } from '../admin/choices.ts';
import type { Administrator } from '../admin/frame.tsx';
import { userTexts } from './texts.ts';

interface HeldRolesParts {
  readonly admin: Administrator;
  readonly user: Pick<User, 'id' | 'roles'>;
}

/** True for a role that the person may give and take: one that may do nothing that they may not. */
const mayHandOut = (admin: Administrator, { permissions }: Role): boolean =>
  admin.may('role:assign') && permissions.every((permission) => admin.permissions.includes(permission));

/** The global roles, each of which the account holds or can be given. */
export const HeldRoles = ({ admin, user: { id: userId, roles: held } }: HeldRolesParts) => {
  const t = useTexts(userTexts);
  const roles = useRoles(true);
  const change = useDo(({ role, isHeld }: { readonly role: string; readonly isHeld: boolean }) =>
    call(isHeld ? 'removeRole' : 'assignRole', { params: { userId, role } }),
  );
  return (
    <section aria-labelledby="held-roles">
      <h2 id="held-roles">{t.roles}</h2>
      <p className="muted">{t.rolesText}</p>
      <Problem error={change.error} />
      <ul className="rows">
        {roles.map((role) => {
          const { name, permissions } = role;
          const isHeld = held.includes(name);
          return (
            <li key={name} className="row">
              <Link className="row-title" to={`/app/admin/roles/${name}`}>
                {name}
              </Link>
              {isHeld ? <span className="badge good">{t.holds}</span> : null}
              <span className="muted row-text">{permissions.join(', ')}</span>
              <span className="row-note beside">
                <GlobalBlame type="user" id={userId} path={`/roles/${name}`} name={name} />
                {mayHandOut(admin, role) ? (
                  <Button look="quiet" isBusy={change.isPending} onClick={() => change.mutate({ role: name, isHeld })}>
                    {isHeld ? t.take(name) : t.give(name)}
                  </Button>
                ) : null}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
};
