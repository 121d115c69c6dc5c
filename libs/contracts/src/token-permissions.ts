import type { CommunityPermission, GlobalPermission } from './permissions.ts';
import type { PublicContract } from './route.ts';

/** The nouns that a personal access token may also change. No rule of theirs asks for a permission beside that of the route. */
const writableNouns: ReadonlySet<string> = new Set(['workspace', 'script', 'control-m']);

/**
 * The permissions that a personal access token can have: reading, and what scripts and machines do. What changes people, roles, communities
 * and the installation needs a person who signs in.
 */
export const tokenPermissions = [
  'audit:read',
  'system:read',
  'user:read',
  'role:read',
  'community:read',
  'member:read',
  'activity:read',
  'metrics:read',
  'community-audit:read',
  'workspace:read',
  'workspace:create',
  'workspace:update',
  'workspace:delete',
  'script:read',
  'script:create',
  'script:update',
  'script:delete',
  'control-m:read',
  'control-m:create',
  'control-m:update',
  'control-m:delete',
] as const satisfies readonly (GlobalPermission | CommunityPermission)[];

/**
 * True if a token with these permissions may call an operation: with the permission of the operation, or the one that it names for tokens. An
 * operation that changes something may be of certain nouns only, because the rules of others ask for further permissions by themselves.
 */
export const tokenMayCall = (
  permissions: readonly string[],
  { method, permission, tokenPermission }: Pick<PublicContract, 'method' | 'permission' | 'tokenPermission'>,
): boolean => {
  const needed = permission ?? tokenPermission;
  if (needed === undefined || !permissions.includes(needed)) return false;
  return method === 'GET' || writableNouns.has(needed.split(':')[0] ?? '');
};
