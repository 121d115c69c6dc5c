import type { Role } from '@guildhall/contracts';
import { useState } from 'react';
import { useRead } from '../../api/reading.ts';
import { globalPermissions } from '../../api/rights.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Link } from '../../router/link.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Shown } from '../../ui/states.tsx';
import { AdminScreen, type Administrator } from '../admin/frame.tsx';
import { adminTexts } from '../admin/texts.ts';
import { NewRole } from './new-role.tsx';
import './roles.css';
import { roleTexts } from './texts.ts';

const MayCell = ({ may }: { readonly may: boolean }) => {
  const t = useTexts(roleTexts);
  return (
    <td className={may ? 'may' : 'may-not'}>
      {may ? <Icon name="check" /> : <span aria-hidden="true">·</span>}
      <span className="visually-hidden">{may ? t.has : t.hasNot}</span>
    </td>
  );
};

/** The matrix of the global roles: a permission a row, a role a column. */
const Matrix = ({ roles }: { readonly roles: readonly Role[] }) => {
  const t = useTexts(roleTexts);
  return (
    <div className="table-frame matrix" role="region" aria-label={t.permissions} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.permission}</th>
            {roles.map(({ name, isSystem }) => (
              <th key={name} scope="col">
                <Link to={`/app/admin/roles/${name}`}>{name}</Link>
                {isSystem ? null : <span className="badge">{t.own}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {globalPermissions.map((permission) => (
            <tr key={permission}>
              <th scope="row">
                <code>{permission}</code>
              </th>
              {roles.map(({ name, permissions }) => (
                <MayCell key={name} may={permissions.includes(permission)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
};

const Head = ({ admin }: { readonly admin: Administrator }) => {
  const t = useTexts(roleTexts);
  const [isNew, setNew] = useState(false);
  if (!admin.may('role:assign')) return null;
  return (
    <>
      <Button look="main" icon="plus" onClick={() => setNew(true)}>
        {t.new}
      </Button>
      {isNew ? <NewRole admin={admin} onClose={() => setNew(false)} /> : null}
    </>
  );
};

/** The global roles beside each other. */
export const Screen = () => {
  const t = useTexts(adminTexts);
  const read = useRead('listRoles', { query: { limit: 100 } });
  return (
    <AdminScreen title={t.roles} lead={t.rolesLead} Head={Head}>
      {() => <Shown read={read}>{({ items }) => <Matrix roles={items} />}</Shown>}
    </AdminScreen>
  );
};
