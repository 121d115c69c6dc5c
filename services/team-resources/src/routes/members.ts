import { memberRoutes as routes, type Member } from '@guildhall/contracts';
import { contextOf, serve, versioned } from '@guildhall/http';
import {
  decodeCursor,
  encodeCursor,
  pageRequest,
  requireFound,
  timeInCursor,
  toPage,
  type ContextParts,
} from '@guildhall/resources';
import type { FastifyInstance } from 'fastify';
import { removeMember, updateMember, type MemberPosition, type MemberStores } from '../core/members.ts';

export interface MemberRouteParts extends ContextParts {
  readonly stores: MemberStores;
}

/** Reads the position in a cursor of a list of members. Throws INVALID for a cursor of another list. */
export const readMemberCursor = (cursor: string): MemberPosition => {
  const [joinedAt = '', userId = ''] = decodeCursor(cursor, 2);
  return { joinedAt: timeInCursor(joinedAt), userId };
};

export const memberCursorOf = ({ joinedAt, userId }: Pick<Member, 'joinedAt' | 'userId'>): string =>
  encodeCursor([joinedAt, userId]);

export const addMemberRoutes = (app: FastifyInstance, parts: MemberRouteParts): void => {
  const { members } = parts.stores;
  serve(app, routes.listMembers, 'principal', async ({ caller, params, query }) => {
    const page = pageRequest(query, readMemberCursor);
    const rows = await requireFound('community', members.list(caller.userId, params.communityId, { ...query, page }));
    return { body: toPage(rows, query, memberCursorOf) };
  });
  serve(app, routes.updateMember, 'principal', async (call) => {
    const { communityId, userId: memberId } = call.params;
    const change = { ...call.body, communityId, memberId, ifMatch: call.ifMatch };
    return versioned(await updateMember(parts.stores, contextOf(parts, call), change));
  });
  serve(app, routes.removeMember, 'principal', async (call) => {
    const { communityId, userId: memberId } = call.params;
    await removeMember(members, contextOf(parts, call), { communityId, memberId });
    return {};
  });
};
