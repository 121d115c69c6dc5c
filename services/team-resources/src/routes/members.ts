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
import type { ChangedStores, DryRunStore } from '../core/change-impact.ts';
import { readMember, removeMember, updateMember, type MemberPosition, type MemberStores } from '../core/members.ts';
import { makeOrTry } from './make-or-try.ts';

export interface MemberRouteParts extends ContextParts {
  readonly stores: MemberStores & ChangedStores & { readonly dryRuns: DryRunStore };
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
  serve(app, routes.getMember, 'principal', async (call) => {
    const { communityId, userId: memberId } = call.params;
    return versioned(await readMember(members, contextOf(parts, call), { communityId, memberId }));
  });
  serve(app, routes.updateMember, 'principal', async (call) => {
    const { communityId, userId: memberId } = call.params;
    const change = { ...call.body, communityId, memberId, ifMatch: call.ifMatch };
    const answer = await makeOrTry(parts, call, (stores, context) => updateMember(stores, context, change));
    return 'impact' in answer ? { body: answer.impact, version: null } : versioned(answer.made);
  });
  serve(app, routes.removeMember, 'principal', async (call) => {
    const { communityId, userId: memberId } = call.params;
    const answer = await makeOrTry(parts, call, (stores, context) =>
      removeMember(stores.members, context, { communityId, memberId }),
    );
    return 'impact' in answer ? { body: answer.impact } : { status: 204 };
  });
};
