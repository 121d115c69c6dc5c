import type { AuditEventMessage, HeldRole, TrustGrant } from '@guildhall/contracts';
import {
  changesOf,
  cursorOf,
  notFound,
  omitUndefined,
  pageRequest,
  readPosition,
  requireFound,
  requireRole,
  requireVersion,
  retryCompareAndSwap,
  toPage,
  type AuditDraft,
  type Page,
  type PageQuery,
  type PageRequest,
  type Position,
  type RequestContext,
  type VersionCondition,
} from '@guildhall/resources';
import type { MemberPath } from './members.ts';

export interface TrustGrantWithAccess {
  /** The caller's role in the community. */
  readonly role: HeldRole;
  /** Undefined when there is no such member. */
  readonly grant: TrustGrant | undefined;
}

/** A grant with its place in the list. */
export interface ListedTrustGrant extends Position {
  readonly grant: TrustGrant;
}

export interface TrustGrantWrite {
  readonly communityId: string;
  /** The caller. */
  readonly userId: string;
  /** The grant that is to be in force: a compare-and-swap on the version before it. */
  readonly next: TrustGrant;
  readonly id: string;
  readonly at: string;
  readonly event: AuditEventMessage;
}

/**
 * Trust grants: one number of points for each member. Reads are one statement; they return undefined when the user does not
 * belong to the community.
 */
export interface TrustGrantStore {
  /** The grants of members that were revised at least once, newest first. */
  list(userId: string, communityId: string, page: PageRequest): Promise<readonly ListedTrustGrant[] | undefined>;
  /** The grant of a member; one of no points and version 1 where it was never revised. */
  find(userId: string, communityId: string, memberId: string): Promise<TrustGrantWithAccess | undefined>;
  /**
   * Stores grant and event in one statement. False, having changed nothing, when the user may not grant (any more), the member
   * left, or another revision won.
   */
  revise(write: TrustGrantWrite): Promise<boolean>;
}

/** Throws NOT_FOUND. */
export const listTrustGrants = async (
  store: TrustGrantStore,
  { caller }: RequestContext,
  { communityId, query }: { readonly communityId: string; readonly query: PageQuery },
): Promise<Page<TrustGrant>> => {
  const rows = await requireFound('community', store.list(caller.userId, communityId, pageRequest(query, readPosition)));
  const page = toPage(rows, query, cursorOf);
  return { ...page, items: page.items.map(({ grant }) => grant) };
};

const findGrant = async (
  store: TrustGrantStore,
  { caller }: RequestContext,
  { communityId, memberId }: MemberPath,
): Promise<TrustGrantWithAccess> => {
  return await requireFound('community', store.find(caller.userId, communityId, memberId));
};

/** Throws NOT_FOUND. */
export const findTrustGrant = async (store: TrustGrantStore, context: RequestContext, path: MemberPath): Promise<TrustGrant> => {
  const { grant } = await findGrant(store, context, path);
  if (grant === undefined) throw notFound('member');
  return grant;
};

export interface TrustGrantRevision extends MemberPath {
  readonly ifMatch: VersionCondition;
  readonly edit: Pick<TrustGrant, 'points' | 'reason'>;
}

/** A revision that changes nothing keeps the version. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const reviseTrustGrant = (
  store: TrustGrantStore,
  context: RequestContext,
  revision: TrustGrantRevision,
): Promise<TrustGrant> =>
  retryCompareAndSwap(async () => {
    const { communityId, edit, ifMatch, memberId } = revision;
    const { caller, at } = context;
    const { grant, role } = await findGrant(store, context, revision);
    const changes = changesOf(grant ?? null, edit, context.sha256);
    const draft: AuditDraft = {
      action: 'trust-grant.update',
      resource: { type: 'member', id: memberId, ...omitUndefined({ name: grant?.displayName }) },
      communityId,
      changes,
    };
    await requireRole(context, role, 'trust:grant', draft);
    if (grant === undefined) throw notFound('member');
    requireVersion(grant.version, ifMatch);
    if (changes.length === 0) return grant;
    const granter = { grantedBy: caller.userId, grantedByName: caller.displayName };
    const next = { ...grant, ...edit, ...granter, grantedAt: at, version: grant.version + 1 };
    const event = context.audit('success', draft);
    const isRevised = await store.revise({ communityId, userId: caller.userId, next, id: context.newId(), at, event });
    return isRevised ? next : undefined;
  });
