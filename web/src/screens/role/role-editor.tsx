import type { Role } from '@guildhall/contracts';
import { call } from '../../api/call.ts';
import { useDo } from '../../api/reading.ts';
import { globalPermissions } from '../../api/rights.ts';
import { useTexts } from '../../i18n/texts.ts';
import { Overtaken } from '../../kit/overtaken.tsx';
import { PermissionPicker } from '../../kit/permission-picker.tsx';
import { isSameDraft } from '../../kit/rebase.ts';
import { useDraftOf } from '../../kit/use-draft.ts';
import { Button } from '../../ui/button.tsx';
import { submitting } from '../../ui/field.tsx';
import { Problem } from '../../ui/notice.tsx';
import type { Administrator } from '../admin/frame.tsx';
import { roleTexts } from '../roles/texts.ts';
import { RoleImpact } from './role-impact.tsx';

interface EditorParts {
  readonly admin: Administrator;
  readonly role: Role;
}

/** The permissions of a role in the order in which they are offered, so that two equal drafts are alike. */
const ordered = (permissions: readonly string[]) => ({
  permissions: globalPermissions.filter((permission) => permissions.includes(permission)),
});

/** Changes what a global role permits. Who would gain or lose what stands below the draft. */
export const RoleEditor = ({ admin, role }: EditorParts) => {
  const t = useTexts(roleTexts);
  const form = useDraftOf(role, ({ permissions }) => ordered(permissions));
  const { base, draft, overtaken } = form;
  const { name, version } = base;
  const saving = useDo(
    () => call('updateRole', { params: { role: name }, version, body: { permissions: [...draft.permissions] } }),
    (answer) => {
      if ('version' in answer) form.begin(answer);
    },
  );
  const takeUp = (): void => {
    saving.reset();
    form.takeUp();
  };
  const isReady = draft.permissions.length > 0 && !isSameDraft(ordered(base.permissions), draft);
  return (
    <form className="panel stack" onSubmit={submitting(() => saving.mutate(undefined))}>
      <Overtaken overtaken={overtaken} takeUp={takeUp} />
      <PermissionPicker
        legend={t.permissions}
        hint={t.onlyOwn}
        offered={globalPermissions.filter((permission) => admin.may(permission))}
        chosen={draft.permissions}
        onChange={(permissions) => form.setDraft(ordered(permissions))}
      />
      {isReady ? <RoleImpact role={base} permissions={draft.permissions} /> : null}
      <Problem error={saving.error} />
      <div>
        <Button type="submit" look="main" isBusy={saving.isPending} disabled={!isReady}>
          {t.save}
        </Button>
      </div>
    </form>
  );
};
