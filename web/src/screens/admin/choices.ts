import type { Role } from '@guildhall/contracts';
import { useRead } from '../../api/reading.ts';
import type { Choice } from '../../kit/form.tsx';

/** The global roles: an installation has at most a hundred. */
export const useRoles = (isOn: boolean): readonly Role[] => {
  const read = useRead('listRoles', { query: { limit: 100 } }, { isOn });
  return read.data?.items ?? [];
};

/** The global roles, as a filter offers them. */
export const useRoleChoices = (isOn: boolean): readonly Choice[] =>
  useRoles(isOn).map(({ name }) => ({ value: name, label: name }));
