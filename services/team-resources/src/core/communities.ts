import type { AuditEventMessage, Community, CommunityPermission } from '@guildhall/contracts';
import { allowRole, changesOf, mustBeCurrent, notFound, repeated, untilSettled } from './deed.ts';
import type { Ask, Deed, EarlierAnswer, RequestKey } from './deed.ts';
import { defaultCommunitySettings, type CommunitySettings } from './community-settings.ts';

export interface CommunityPosition {
  readonly createdAt: string;
  readonly id: string;
}

/** What a write needs besides the row: who, with what right, and the event that tells of it. */
export interface CommunityWrite {
  readonly userId: string;
  readonly permission: CommunityPermission;
  readonly event: AuditEventMessage;
}

export interface Founding {
  readonly community: Community;
  readonly settings: CommunitySettings;
  readonly founder: { readonly userId: string; readonly displayName: string };
  readonly event: AuditEventMessage;
  readonly key: RequestKey | null;
}

/**
 * Communities as their members see them. Reads are one statement; they answer undefined for what the user does not
 * belong to. Writes are one statement: the row and its event, or neither. They answer false, having changed nothing,
 * when the user does not hold the permission (any more) or another change got ahead.
 */
export interface CommunityStore {
  find(userId: string, communityId: string): Promise<Community | undefined>;
  /** Newest first. */
  list(userId: string, limit: number, after: CommunityPosition | null): Promise<readonly Community[]>;
  findEarlier(userId: string, key: string): Promise<EarlierAnswer | null>;
  /** Stores the community with its founder as owner and member. False when the key was used. */
  found(founding: Founding): Promise<boolean>;
  /** Stores `next` over the version before it; as deleted when `isDeleted`. */
  save(next: Community, isDeleted: boolean, write: CommunityWrite): Promise<boolean>;
}

export interface FoundRequest {
  readonly name: string;
  readonly description?: string;
}

const deedOn = (action: string, { id, name }: Pick<Community, 'id' | 'name'>, changes?: Deed['changes']): Deed => ({
  action,
  resource: { type: 'community', id, name },
  communityId: id,
  ...(changes === undefined ? {} : { changes }),
});

/** Founds a community; the caller becomes its owner. Whether they may is a global permission, known by the gateway. */
export const foundCommunity = (
  store: CommunityStore,
  ask: Ask,
  id: string,
  { name, description = '' }: FoundRequest,
  key: RequestKey | null,
): Promise<Community> => {
  const { at, userId, displayName } = ask;
  const community: Community = { id, name, description, role: 'owner', version: 1, createdAt: at, updatedAt: at };
  const changes = Object.entries({ name, description }).map(([field, after]) => ({ path: `/${field}`, after }));
  const event = ask.tell('success', deedOn('community.create', community, changes));
  return untilSettled(async () => {
    const earlier = key === null ? null : await store.findEarlier(userId, key.key);
    const answered = repeated(earlier, key);
    if (answered !== undefined) return answered as Community;
    const founding = { community, settings: defaultCommunitySettings, founder: { userId, displayName }, event, key };
    return (await store.found(founding)) ? community : undefined;
  });
};

export const findCommunity = async (store: CommunityStore, ask: Ask, communityId: string): Promise<Community> => {
  const community = await store.find(ask.userId, communityId);
  if (community === undefined) throw notFound('community');
  return community;
};

export interface CommunityChange {
  readonly communityId: string;
  readonly ifMatch: number;
  readonly edit: Partial<Pick<Community, 'name' | 'description'>>;
}

/** Renames a community or changes its description. A change that changes nothing keeps the version. */
export const updateCommunity = (store: CommunityStore, ask: Ask, change: CommunityChange): Promise<Community> =>
  untilSettled(async () => {
    const current = await findCommunity(store, ask, change.communityId);
    const changes = changesOf(current, change.edit);
    const deed = deedOn('community.update', current, changes);
    await allowRole(ask, current.role, 'community:update', deed);
    mustBeCurrent(current.version, change.ifMatch);
    if (changes.length === 0) return current;
    const next = { ...current, ...change.edit, version: current.version + 1, updatedAt: ask.at };
    const write = { userId: ask.userId, permission: 'community:update', event: ask.tell('success', deed) } as const;
    return (await store.save(next, false, write)) ? next : undefined;
  });

/** Deletes a community, and so hides all that is in it. */
export const deleteCommunity = async (
  store: CommunityStore,
  ask: Ask,
  { communityId, ifMatch }: Omit<CommunityChange, 'edit'>,
): Promise<void> => {
  await untilSettled(async () => {
    const current = await findCommunity(store, ask, communityId);
    const deed = deedOn('community.delete', current);
    await allowRole(ask, current.role, 'community:delete', deed);
    mustBeCurrent(current.version, ifMatch);
    const next = { ...current, version: current.version + 1, updatedAt: ask.at };
    const write = { userId: ask.userId, permission: 'community:delete', event: ask.tell('success', deed) } as const;
    return (await store.save(next, true, write)) || undefined;
  });
};
