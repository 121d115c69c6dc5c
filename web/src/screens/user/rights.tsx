import type { Role, User } from '@guildhall/contracts';
import { globalPermissions } from '../../api/rights.ts';
import { useTexts } from '../../i18n/texts.ts';
import { useRoles } from '../admin/choices.ts';
import { userTexts } from './texts.ts';

const namesOf = (roles: readonly Role[]): string => roles.map(({ name }) => name).join(', ');

interface RightParts {
  readonly permission: string;
  readonly user: Pick<User, 'roles' | 'status'>;
  readonly roles: readonly Role[];
}

const Right = ({ permission, user, roles }: RightParts) => {
  const t = useTexts(userTexts);
  const giving = roles.filter(({ permissions }) => permissions.includes(permission));
  const held = giving.filter(({ name }) => user.roles.includes(name));
  const isSuspended = user.status === 'suspended';
  const may = held.length > 0 && !isSuspended;
  const byRoles = held.length > 0 ? t.by(namesOf(held)) : `${t.byNone(user.roles.join(', '))} ${t.wouldGive(namesOf(giving))}`;
  return (
    <tr>
      <th scope="row">
        <code>{permission}</code>
      </th>
      <td>
        <span className={`badge ${may ? 'good' : ''}`}>{may ? t.may : t.mayNot}</span>
      </td>
      <td className="wide-cell">{isSuspended ? t.isSuspended : byRoles}</td>
    </tr>
  );
};

/** Explains each right outside communities: which role gives it, or which would. */
export const Rights = ({ user }: Pick<RightParts, 'user'>) => {
  const t = useTexts(userTexts);
  const roles = useRoles(true);
  if (roles.length === 0) return null;
  return (
    <section aria-labelledby="rights">
      <h2 id="rights">{t.rights}</h2>
      <div className="table-frame" role="region" aria-label={t.rights} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.right}</th>
              <td />
              <th scope="col">{t.why}</th>
            </tr>
          </thead>
          <tbody>
            {globalPermissions.map((permission) => (
              <Right key={permission} permission={permission} user={user} roles={roles} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
};
