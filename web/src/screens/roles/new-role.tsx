import { useState } from 'react';
import { call } from '../../api/call.ts';
import { faultOf } from '../../api/problem.ts';
import { useDo } from '../../api/reading.ts';
import { globalPermissions } from '../../api/rights.ts';
import { useTexts } from '../../i18n/texts.ts';
import { PermissionPicker } from '../../kit/permission-picker.tsx';
import { navigate } from '../../router/router.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { submitting, TextField } from '../../ui/field.tsx';
import { Problem } from '../../ui/notice.tsx';
import type { Administrator } from '../admin/frame.tsx';
import { roleTexts } from './texts.ts';

type Permission = (typeof globalPermissions)[number];

interface NewRoleParts {
  readonly admin: Administrator;
  readonly onClose: () => void;
}

/** Makes a global role of permissions that the person holds. */
export const NewRole = ({ admin, onClose }: NewRoleParts) => {
  const t = useTexts(roleTexts);
  const [name, setName] = useState('');
  const [permissions, setPermissions] = useState<readonly Permission[]>([]);
  const creation = useDo(
    () => call('createRole', { body: { name: name.trim(), permissions: [...permissions] } }),
    (role) => navigate(`/app/admin/roles/${role.name}`),
  );
  return (
    <Dialog title={t.new} onClose={onClose}>
      <form className="stack" onSubmit={submitting(() => creation.mutate(undefined))}>
        <Problem error={creation.error} />
        <TextField
          label={t.name}
          hint={t.nameHint}
          value={name}
          fault={faultOf(creation.error, 'name')}
          spellCheck={false}
          required
          onChange={(event) => setName(event.target.value)}
        />
        <PermissionPicker
          legend={t.permissions}
          hint={t.onlyOwn}
          offered={globalPermissions.filter((permission) => admin.may(permission))}
          chosen={permissions}
          onChange={setPermissions}
        />
        <div>
          <Button type="submit" look="main" isBusy={creation.isPending} disabled={permissions.length === 0}>
            {t.create}
          </Button>
        </div>
      </form>
    </Dialog>
  );
};
