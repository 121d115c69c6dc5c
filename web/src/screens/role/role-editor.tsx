import type { Role } from '@guildhall/contracts';
import { useState } from 'react';
import { call } from '../../api/call.ts';
import { useDo } from '../../api/reading.ts';
import { globalPermissions } from '../../api/rights.ts';
import { useTexts } from '../../i18n/texts.ts';
import { PermissionPicker } from '../../kit/permission-picker.tsx';
import { Button } from '../../ui/button.tsx';
import { submitting } from '../../ui/field.tsx';
import { Problem } from '../../ui/notice.tsx';
import { useRoles } from '../admin/choices.ts';
import type { Administrator } from '../admin/frame.tsx';
import { roleTexts } from '../roles/texts.ts';
import { impactOf, type HolderImpact } from './impact.ts';
import { holdersMax, type Holders } from './use-holders.ts';

type Permission = (typeof globalPermissions)[number];

const Gains = ({ impact }: { readonly impact: HolderImpact }) => {
  const t = useTexts(roleTexts);
  const { holder, gains, losses } = impact;
  return (
    <li className="row">
      <span className="row-title">{holder.displayName}</span>
      {gains.map((permission) => (
        <span key={permission} className="badge good">
          {t.gains} {permission}
        </span>
      ))}
      {losses.map((permission) => (
        <span key={permission} className="badge bad">
          {t.loses} {permission}
        </span>
      ))}
    </li>
  );
};

const Impact = ({ impacts, isCut }: { readonly impacts: readonly HolderImpact[]; readonly isCut: boolean }) => {
  const t = useTexts(roleTexts);
  return (
    <section aria-labelledby="impact">
      <h2 id="impact">{t.impact}</h2>
      <p role="status">{impacts.length === 0 ? t.nobody : t.count(impacts.length)}</p>
      {impacts.length === 0 ? null : (
        <ul className="rows">
          {impacts.map((impact) => (
            <Gains key={impact.holder.id} impact={impact} />
          ))}
        </ul>
      )}
      {isCut ? <p className="muted">{t.firstHolders(holdersMax)}</p> : null}
    </section>
  );
};

interface EditorParts {
  readonly admin: Administrator;
  readonly role: Role;
  readonly holders: Holders;
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((permission) => other.includes(permission));

/** Changes what a global role permits. Who would gain or lose what stands below the draft. */
export const RoleEditor = ({ admin, role, holders: { items, isCut } }: EditorParts) => {
  const t = useTexts(roleTexts);
  const { name, version } = role;
  const roles = useRoles(true);
  const [chosen, setChosen] = useState<readonly Permission[]>(() =>
    globalPermissions.filter((permission) => role.permissions.includes(permission)),
  );
  const saving = useDo(() => call('updateRole', { params: { role: name }, version, body: { permissions: [...chosen] } }));
  const isChanged = !isSame(chosen, role.permissions);
  return (
    <form className="panel stack" onSubmit={submitting(() => saving.mutate(undefined))}>
      <PermissionPicker
        legend={t.permissions}
        hint={t.onlyOwn}
        offered={globalPermissions.filter((permission) => admin.may(permission))}
        chosen={chosen}
        onChange={setChosen}
      />
      {isChanged && items !== undefined ? <Impact impacts={impactOf(role, chosen, items, roles)} isCut={isCut} /> : null}
      <Problem error={saving.error} />
      <div>
        <Button type="submit" look="main" isBusy={saving.isPending} disabled={!isChanged || chosen.length === 0}>
          {t.save}
        </Button>
      </div>
    </form>
  );
};
