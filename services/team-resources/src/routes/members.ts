import { communityRoutes as routes, type Member } from '@guildhall/contracts';
import { decodeCursor, encodeCursor, serve, timeInCursor } from '@guildhall/http';
import { pageRequest, toPage, versioned } from '@guildhall/workspaces';
import type { FastifyInstance } from 'fastify';
import { notFound } from '../core/deed.ts';
import { removeMember, updateMember, type MemberPosition, type MemberStore } from '../core/members.ts';
import { askOf, type AskParts } from './ask.ts';

export interface MemberRouteParts extends AskParts {
  readonly members: MemberStore;
}

const readMemberCursor = (cursor: string): MemberPosition => {
  const [joinedAt = '', userId = ''] = decodeCursor(cursor, 2);
  return { joinedAt: timeInCursor(joinedAt), userId };
};

const cursorOf = ({ joinedAt, userId }: Member): string => encodeCursor([joinedAt, userId]);

export const addMemberRoutes = (app: FastifyInstance, parts: MemberRouteParts): void => {
  const { members } = parts;
  serve(app, routes.listMembers, 'principal', async ({ caller, params, query }) => {
    const { limit, after } = pageRequest(query, readMemberCursor);
    const rows = await members.list(caller.userId, params.communityId, limit, after);
    if (rows === undefined) throw notFound('community');
    return { body: toPage(rows, query, cursorOf) };
  });
  serve(app, routes.updateMember, 'principal', async (call) => {
    const { communityId, userId: memberId } = call.params;
    const request = { communityId, memberId, role: call.body.role, ifMatch: call.ifMatch };
    return versioned(await updateMember(members, askOf(parts, call), request));
  });
  serve(app, routes.removeMember, 'principal', async (call) => {
    const { communityId, userId: memberId } = call.params;
    await removeMember(members, askOf(parts, call), { communityId, memberId });
    return {};
  });
};
