import type { CallOf } from '../../api/call.ts';
import { createOwnRole } from '../../api/fields.ts';
import { grantableRights } from '../../api/rights.ts';
import { useTexts } from '../../i18n/texts.ts';
import { FieldSet } from '../../kit/form.tsx';
import { PermissionPicker } from '../../kit/permission-picker.tsx';
import type { Place } from '../community/place.tsx';
import { ownRoleTexts } from './texts.ts';

/** An own role as a form has it. */
export type RoleDraft = Required<CallOf<'createOwnRole'>['body']>;

/** Reading the community belongs to every role. */
const always = 'community:read';

export const emptyRole: RoleDraft = { name: '', description: '', permissions: [always] };

interface RoleFieldsParts {
  readonly place: Place;
  readonly draft: RoleDraft;
  readonly error: unknown;
  readonly onChange: (draft: RoleDraft) => void;
}

/** Name, purpose and permissions of an own role. */
export const RoleFields = ({ place, draft, error, onChange }: RoleFieldsParts) => {
  const t = useTexts(ownRoleTexts);
  return (
    <>
      <FieldSet
        fields={createOwnRole}
        values={{ name: draft.name, description: draft.description }}
        error={error}
        onChange={(values) => onChange({ ...draft, ...values })}
      />
      <PermissionPicker
        legend={t.permissions}
        hint={t.onlyOwn}
        offered={grantableRights.filter((right) => place.may(right))}
        chosen={draft.permissions}
        isFixed={(permission) => permission === always}
        onChange={(permissions) => onChange({ ...draft, permissions: [...permissions] })}
      />
    </>
  );
};
