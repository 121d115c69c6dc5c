import { pageLimitDefault, type RoleImpact } from '@guildhall/contracts';
import type { RequestContext, SignedInCaller } from '@guildhall/resources';
import type { Database } from './stores.ts';

/** A change of what a role gives: to every holder of it, or to one account, whether it holds the role or not. */
export interface RoleEffect {
  readonly role: string;
  /** Null: every holder. */
  readonly userId: string | null;
  /** The permissions that the change gives to who has them by no other role. */
  readonly given: readonly string[];
  /** The permissions that it takes from who has them by no other role. */
  readonly taken: readonly string[];
}

export interface ImpactPage {
  readonly limit: number;
  /** The accounts after this one, by their ids. */
  readonly after: string;
}

/** The accounts whose permissions a change of roles would change, as they are now. */
export interface RoleImpactStore {
  /** The numbers of accounts. `permissions` holds those that anybody gains or loses. */
  count(effect: RoleEffect): Promise<Pick<RoleImpact, 'holderCount' | 'permissions'>>;
  /** The first of these accounts on a page, by their ids. */
  list(effect: RoleEffect, page: ImpactPage): Promise<RoleImpact['holders']>;
}

/** The page of an impact that is asked for. */
export interface ImpactQuery {
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
}

/** The impact of a change that the caller may make. The accounts are named to who may read accounts. */
export const findRoleImpact = async (
  { stores: { roleImpacts } }: Pick<Database, 'stores'>,
  { caller }: Pick<RequestContext<SignedInCaller>, 'caller'>,
  effect: RoleEffect,
  { limit = pageLimitDefault, after = '' }: ImpactQuery,
): Promise<RoleImpact> => {
  const counts = await roleImpacts.count(effect);
  const mayRead = caller.permissions.includes('user:read');
  const found = mayRead ? await roleImpacts.list(effect, { limit: limit + 1, after }) : [];
  const holders = found.slice(0, limit);
  return { ...counts, holders, nextAfter: found.length > limit ? (holders.at(-1)?.userId ?? null) : null };
};

/** The effect of a change of what a role permits. */
export const effectOfUpdate = (role: string, before: readonly string[], after: readonly string[]): RoleEffect => ({
  role,
  userId: null,
  given: after.filter((permission) => !before.includes(permission)),
  taken: before.filter((permission) => !after.includes(permission)),
});
