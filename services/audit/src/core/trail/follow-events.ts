import type { SlotHolder } from '@guildhall/resources';
import { mayReadAudit, requireAuditReader, requireCommunityAuditReader } from '../access.ts';
import type { SignedInContext } from '../request-context.ts';
import { plainUuid } from '../uuid.ts';
import type { AuditFilters } from './audit-events.ts';

/** The user who reads a stream, for the bounds on streams: some slots are reserved for readers of the whole trail. */
export const streamReaderOf = ({ caller }: SignedInContext): SlotHolder => ({
  id: caller.userId,
  isPrivileged: mayReadAudit(caller.permissions),
});

/** New events as server-sent events (HTML Living Standard, section 9.2), to many listeners. */
export interface LiveTail {
  /**
   * Opens a stream of the events that fit: all behind the leaf index `lastSeen`, once and in order, and then the new ones;
   * with null the new ones alone. Throws RATE_LIMITED when the reader's share is taken, SERVICE_UNAVAILABLE when too many
   * listen.
   */
  listen(reader: SlotHolder, filters: AuditFilters, lastSeen: number | null): Promise<ReadableStream<string>>;
}

export interface FollowEvents {
  /** Follows the whole trail. Throws FORBIDDEN, and what `listen` throws. */
  follow(context: SignedInContext, filters: AuditFilters, lastSeen: number | null): Promise<ReadableStream<string>>;
  /** Follows one community alone. Throws NOT_FOUND, and what `listen` throws. */
  followCommunity(
    context: SignedInContext,
    communityId: string,
    filters: AuditFilters,
    lastSeen: number | null,
  ): Promise<ReadableStream<string>>;
}

export const createFollowEvents = ({ listen }: LiveTail): FollowEvents => ({
  async follow(context, filters, lastSeen) {
    requireAuditReader(context.caller.permissions);
    return listen(streamReaderOf(context), filters, lastSeen);
  },
  async followCommunity(context, communityId, filters, lastSeen) {
    const community = plainUuid(communityId);
    requireCommunityAuditReader(context.caller.permissions, community);
    return listen(streamReaderOf(context), { ...filters, community }, lastSeen);
  },
});
