import type { CommunityPermission, HeldRole } from '@guildhall/contracts';
import {
  auditDraftsOf,
  requireRole,
  type FoundResource,
  type RememberedAnswer,
  type RequestContext,
  type ResourceRules,
  type SortedRequest,
  type Versioned,
  type WithEarlier,
} from '@guildhall/resources';
import { communityWriteOf, type CommunityWrite } from './community-write.ts';

/** A resource of a community, with the caller's access to it. */
export interface WithAccess<T> extends FoundResource<T> {
  /** The caller's role in the community. */
  readonly role: HeldRole;
}

/** The parent in which something is to be created. */
export interface CreateTarget extends WithEarlier {
  /** The caller's role in the community. */
  readonly role: HeldRole;
}

/** A list of resources that have a name. */
export interface NamedFilter {
  readonly page: SortedRequest;
  /** Part of the name, in any case. */
  readonly q?: string;
  /** The soft-deleted ones, for who may restore them. */
  readonly state?: 'deleted';
}

/**
 * The store of a type of resource in communities. Reads are one statement; they return undefined for what the user may not see.
 * Writes are one statement: the row, its event and its key, or nothing. They return false, having changed nothing, when the user
 * does not hold the permission (any more), the key was used or a concurrent change won.
 */
export interface CommunityResourceStore<T, P> {
  /** Finds a soft-deleted resource, too. */
  find(userId: string, path: P): Promise<WithAccess<T> | undefined>;
  insert(item: T, write: CommunityWrite, remembered: RememberedAnswer | null): Promise<boolean>;
  /** Stores `next` over the version before it, soft-deleted when `isDeleted`: a compare-and-swap on the version. */
  save(next: T, isDeleted: boolean, write: CommunityWrite): Promise<boolean>;
}

interface NamedResource extends Versioned {
  readonly id: string;
  readonly communityId: string;
  readonly name: string;
}

/** The types of resources with a permission to update and one to delete them. */
type RoleResource = {
  [P in CommunityPermission]: P extends `${infer Type}:delete`
    ? `${Type}:update` extends CommunityPermission
      ? Type
      : never
    : never;
}[CommunityPermission];

/**
 * The rules of a resource that the caller's role in the community alone decides about: `type:update` to change it, `type:delete`
 * to delete and to restore it.
 */
export const roleRules = <T extends NamedResource, P>(
  type: RoleResource,
  store: CommunityResourceStore<T, P>,
  context: RequestContext,
): ResourceRules<T, WithAccess<T>, P> => {
  const permissionOf = (verb: string) => `${type}:${verb === 'update' ? 'update' : 'delete'}` as const;
  return {
    context,
    noun: type.replaceAll('-', ' '),
    find: (path) => store.find(context.caller.userId, path),
    draftOf: auditDraftsOf(type, ({ name }) => name),
    allow: (verb, { role }, draft) => requireRole(context, role, permissionOf(verb), draft),
    save: async ({ verb, next, draft }) =>
      (await store.save(next, verb === 'delete', communityWriteOf(context, permissionOf(verb), draft))) ? next : undefined,
  };
};
