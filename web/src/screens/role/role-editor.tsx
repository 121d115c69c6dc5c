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
import type { Administrator } from '../admin/frame.tsx';
import { roleTexts } from '../roles/texts.ts';
import { RoleImpact } from './role-impact.tsx';

type Permission = (typeof globalPermissions)[number];

interface EditorParts {
  readonly admin: Administrator;
  readonly role: Role;
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((permission) => other.includes(permission));

/** Changes what a global role permits. Who would gain or lose what stands below the draft. */
export const RoleEditor = ({ admin, role }: EditorParts) => {
  const t = useTexts(roleTexts);
  const { name, version } = role;
  const [chosen, setChosen] = useState<readonly Permission[]>(() =>
    globalPermissions.filter((permission) => role.permissions.includes(permission)),
  );
  const saving = useDo(() => call('updateRole', { params: { role: name }, version, body: { permissions: [...chosen] } }));
  const isReady = chosen.length > 0 && !isSame(chosen, role.permissions);
  return (
    <form className="panel stack" onSubmit={submitting(() => saving.mutate(undefined))}>
      <PermissionPicker
        legend={t.permissions}
        hint={t.onlyOwn}
        offered={globalPermissions.filter((permission) => admin.may(permission))}
        chosen={chosen}
        onChange={setChosen}
      />
      {isReady ? <RoleImpact role={role} permissions={chosen} /> : null}
      <Problem error={saving.error} />
      <div>
        <Button type="submit" look="main" isBusy={saving.isPending} disabled={!isReady}>
          {t.save}
        </Button>
      </div>
    </form>
  );
};
