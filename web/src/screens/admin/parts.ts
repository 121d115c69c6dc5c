import type { GlobalPermission } from '@guildhall/contracts';

/** The parts of the administration: address, name among the texts, and the permission that shows it. */
const adminParts = [
  ['/app/admin/users', 'users', 'user:read'],
  ['/app/admin/roles', 'roles', 'role:read'],
  ['/app/admin/service-accounts', 'serviceAccounts', 'user:read'],
] as const satisfies readonly (readonly [address: string, name: string, permission: GlobalPermission])[];

/** The parts that are for the holder of these permissions. */
export const adminPartsFor = (permissions: readonly string[]): readonly (typeof adminParts)[number][] =>
  adminParts.filter(([, , permission]) => permissions.includes(permission));
