import { mustReadAudit, mustReadCommunityAudit } from '../access.ts';
import type { AuditFilters } from './audit-events.ts';
import { plainUuid } from '../uuid.ts';

/** New events as server-sent events (HTML Living Standard, section 9.2), to many listeners. */
export interface LiveTail {
  /**
   * Everything behind the leaf index `lastSeen` that fits, once and in order, and what comes then; null: from now on.
   * Throws SERVICE_UNAVAILABLE when too many listen.
   */
  listen(filters: AuditFilters, lastSeen: number | null): Promise<ReadableStream<string>>;
}

export interface FollowAudit {
  /** Throws FORBIDDEN, SERVICE_UNAVAILABLE. */
  follow(permissions: readonly string[], filters: AuditFilters, lastSeen: number | null): Promise<ReadableStream<string>>;
  /** Of one community alone. Throws NOT_FOUND, SERVICE_UNAVAILABLE. */
  followCommunity(
    permissions: readonly string[],
    communityId: string,
    filters: AuditFilters,
    lastSeen: number | null,
  ): Promise<ReadableStream<string>>;
}

export const createFollowAudit = ({ listen }: LiveTail): FollowAudit => ({
  async follow(permissions, filters, lastSeen) {
    mustReadAudit(permissions);
    return listen(filters, lastSeen);
  },
  async followCommunity(permissions, communityId, filters, lastSeen) {
    const community = plainUuid(communityId);
    mustReadCommunityAudit(permissions, community);
    return listen({ ...filters, community }, lastSeen);
  },
});
