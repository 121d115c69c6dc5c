import {
  communityRoleMay,
  defaultCommunitySettings,
  type AuditEventMessage,
  type Community,
  type CommunityPermission,
  type CommunitySettingsEdit,
  type HeldRole,
} from '@guildhall/contracts';
import {
  changesOf,
  createOnce,
  nextVersion,
  notFound,
  requireFound,
  requireRole,
  requireVersion,
  retryCompareAndSwap,
  type AuditDraft,
  type EarlierAnswer,
  type RememberedAnswer,
  type RequestContext,
  type SortedRequest,
  type VersionCondition,
} from '@guildhall/resources';
import {
  editSettings,
  namedIn,
  requireKnown,
  requireSettings,
  settingsFields,
  type NamedInSettings,
} from './community-settings.ts';
import { communityWriteOf, type CommunityWrite } from './community-write.ts';

/** The write of a community itself. */
export interface CommunityEdit extends CommunityWrite {
  /** The users and councils that the change newly names: the statement checks again that the community has them. */
  readonly named?: NamedInSettings;
}

/** The permission that restores a soft-deleted community: that of its admins and owners. */
export const restorePermission: CommunityPermission = 'community:update';

export interface CommunityFilter {
  readonly page: SortedRequest;
  /** Part of the name, in any case. */
  readonly q?: string;
  readonly state?: 'deleted';
  /** Only communities in which the role of the user includes it. */
  readonly permission?: CommunityPermission;
}

export interface FoundCommunity {
  readonly community: Community;
  readonly isDeleted: boolean;
  /** The caller's role as they hold it. */
  readonly role: HeldRole;
}

export interface NewCommunity {
  readonly community: Community;
  readonly founder: { readonly userId: string; readonly displayName: string };
  readonly event: AuditEventMessage;
  readonly remembered: RememberedAnswer | null;
}

/**
 * Communities as their members see them. Reads are one statement; they return undefined for a community that the user does not
 * belong to. Writes are one statement: the row and its event, or neither. They return false, having changed nothing, when the
 * user does not hold the permission (any more) or a concurrent change won.
 */
export interface CommunityStore {
  find(userId: string, communityId: string): Promise<Community | undefined>;
  /** Finds a soft-deleted community, too. */
  findDeletedToo(userId: string, communityId: string): Promise<FoundCommunity | undefined>;
  /** The communities that the user belongs to; with `state: 'deleted'` the soft-deleted ones that the user may restore. */
  list(userId: string, filter: CommunityFilter): Promise<readonly Community[]>;
  /** The answer to an earlier use of the Idempotency-Key. */
  findEarlier(userId: string, key: string): Promise<EarlierAnswer | null>;
  /** The part of what is named that the community does not have: users who are no active members, councils that are not there. */
  findUnknown(communityId: string, named: NamedInSettings): Promise<NamedInSettings>;
  /** Stores the community with its founder as owner and member, and the settings that the columns have as their defaults. False when the key was used. */
  insert(created: NewCommunity): Promise<boolean>;
  /** Stores `next` over the version before it, soft-deleted when `isDeleted`: a compare-and-swap on the version. */
  save(next: Community, isDeleted: boolean, write: CommunityEdit): Promise<boolean>;
  /** Undoes a soft delete over the version before `next`. */
  restore(next: Community, write: CommunityEdit): Promise<boolean>;
}

const draftOf = (
  action: string,
  { id, name }: Pick<Community, 'id' | 'name'>,
  changes: NonNullable<AuditDraft['changes']> = [],
): AuditDraft => ({ action, resource: { type: 'community', id, name }, communityId: id, changes });

/**
 * Creates a community with the caller as its owner, once per Idempotency-Key. The gateway checks the global permission.
 * Throws UNPROCESSABLE.
 */
export const createCommunity = (
  store: CommunityStore,
  context: RequestContext,
  body: { readonly name: string; readonly description?: string },
): Promise<Community> => {
  const { at, caller, idempotencyKey: key } = context;
  const { name, description = '' } = body;
  const id = context.newId();
  const changes = changesOf(null, { name, description }, context.sha256);
  const founder = { userId: caller.userId, displayName: caller.displayName };
  return createOnce<Community, { readonly earlier: EarlierAnswer | null }>(context, {
    fingerprint: ['community.create', {}, body],
    findTarget: async () => ({ earlier: key === undefined ? null : await store.findEarlier(caller.userId, key) }),
    allow: () => {},
    make: () => ({
      id,
      name,
      description,
      role: 'owner',
      settings: defaultCommunitySettings,
      createdBy: caller.userId,
      createdByName: caller.displayName,
      version: 1,
      createdAt: at,
      updatedAt: at,
    }),
    insert: (community, remembered) => {
      const event = context.audit('success', draftOf('community.create', community, changes));
      return store.insert({ community, founder, event, remembered });
    },
  });
};

/** Throws NOT_FOUND. */
export const findCommunity = async (
  store: CommunityStore,
  { caller }: RequestContext,
  communityId: string,
): Promise<Community> => {
  return await requireFound('community', store.find(caller.userId, communityId));
};

/** The community with the caller's role as they hold it. Throws NOT_FOUND, also for a soft-deleted one. */
const findWithRole = async (store: CommunityStore, { caller }: RequestContext, communityId: string): Promise<FoundCommunity> => {
  const found = await requireFound('community', store.findDeletedToo(caller.userId, communityId));
  if (found.isDeleted) throw notFound('community');
  return found;
};

export interface CommunityChange {
  readonly communityId: string;
  readonly ifMatch: VersionCondition;
  readonly edit: Partial<Pick<Community, 'name' | 'description'>> & { readonly settings?: CommunitySettingsEdit };
}

/** The fields of a community that the audit trail compares. */
const fieldsOf = ({ settings = {}, ...fields }: CommunityChange['edit']) => ({ ...fields, ...settingsFields(settings) });

const requireNamed = async (store: CommunityStore, communityId: string, named: NamedInSettings): Promise<void> => {
  if (named.users.length + named.councils.length > 0) requireKnown(named, await store.findUnknown(communityId, named));
};

/**
 * An edit that changes nothing keeps the version. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH; INVALID and UNPROCESSABLE for
 * settings that do not fit together, or that name what the community does not have.
 */
export const updateCommunity = (
  store: CommunityStore,
  context: RequestContext,
  { communityId, ifMatch, edit: { settings: settingsEdit = {}, ...edit } }: CommunityChange,
): Promise<Community> =>
  retryCompareAndSwap(async () => {
    const { community: current, role } = await findWithRole(store, context, communityId);
    const settings = editSettings(current.settings, settingsEdit);
    const changes = changesOf(fieldsOf(current), fieldsOf({ ...edit, settings }), context.sha256);
    const draft = draftOf('community.update', current, changes);
    await requireRole(context, role, 'community:update', draft);
    requireSettings(settingsEdit);
    requireVersion(current.version, ifMatch);
    if (changes.length === 0) return current;
    const named = namedIn(settingsEdit);
    await requireNamed(store, communityId, named);
    const next = nextVersion(current, { ...edit, settings }, context.at);
    return (await store.save(next, false, { ...communityWriteOf(context, 'community:update', draft), named })) ? next : undefined;
  });

/** Soft delete: hides the community and everything in it. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const deleteCommunity = async (
  store: CommunityStore,
  context: RequestContext,
  { communityId, ifMatch }: Omit<CommunityChange, 'edit'>,
): Promise<void> => {
  await retryCompareAndSwap(async () => {
    const { community: current, role } = await findWithRole(store, context, communityId);
    const draft = draftOf('community.delete', current);
    await requireRole(context, role, 'community:delete', draft);
    requireVersion(current.version, ifMatch);
    const next = nextVersion(current, {}, context.at);
    return (await store.save(next, true, communityWriteOf(context, 'community:delete', draft))) || undefined;
  });
};

/**
 * Undoes a soft delete. Idempotent: a community that is not deleted is returned as it is. Throws NOT_FOUND, also for who may
 * not restore what is deleted, and FORBIDDEN.
 */
export const restoreCommunity = (store: CommunityStore, context: RequestContext, communityId: string): Promise<Community> =>
  retryCompareAndSwap(async () => {
    const found = await store.findDeletedToo(context.caller.userId, communityId);
    if (found === undefined || (found.isDeleted && !communityRoleMay(found.role, restorePermission))) {
      throw notFound('community');
    }
    const { community, isDeleted, role } = found;
    const draft = draftOf('community.restore', community);
    await requireRole(context, role, restorePermission, draft);
    if (!isDeleted) return community;
    const next = nextVersion(community, {}, context.at);
    return (await store.restore(next, communityWriteOf(context, restorePermission, draft))) ? next : undefined;
  });
