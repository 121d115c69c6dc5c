import { internalRoutes } from '@guildhall/contracts';
import { isAppError } from '@guildhall/errors';
import { answerOf, type InternalClient } from '@guildhall/http';
import { LRUCache } from 'lru-cache';
import type { CommunityAccess } from '../../core/admission/admit.ts';

export interface Memberships {
  /** Both answer null when there is no such community or workspace. Answers are at most two seconds old. */
  inCommunity(userId: string, communityId: string): Promise<CommunityAccess | null>;
  ofWorkspace(userId: string, workspaceId: string): Promise<CommunityAccess | null>;
  /** As `inCommunity`, asked at this moment. */
  currentInCommunity(userId: string, communityId: string): Promise<CommunityAccess | null>;
  /** Forgets all that is known: a membership was changed through this gateway, and its user expects to see that. */
  forget(): void;
}

/** The service that owns the data checks again, so that this may be a little old. */
const rememberMs = 2_000;
const rememberedMax = 50_000;

const Answer = answerOf(internalRoutes.findAccess.responses[200]);

/** Asks team-resources what a user is in a community; equal questions that arrive together are asked once. */
export const createMemberships = (teamResources: InternalClient): Memberships => {
  const known = new LRUCache<string, CommunityAccess>({ max: rememberedMax, ttl: rememberMs });
  const underWay = new Map<string, Promise<CommunityAccess | null>>();

  const request = (query: string): Promise<CommunityAccess> =>
    teamResources.call({ method: 'GET', path: `/internal/access?${query}`, answer: Answer });
  const ask = (query: string): Promise<CommunityAccess | null> => {
    const pending = underWay.get(query);
    if (pending !== undefined) return pending;
    const started: Promise<CommunityAccess | null> = request(query)
      .then((access) => {
        // Someone who does not belong may be about to join: only what is held is remembered.
        if (access.role !== null && underWay.get(query) === started) known.set(query, access);
        return access;
      })
      .catch(nullWhereNothingIs)
      .finally(() => {
        if (underWay.get(query) === started) underWay.delete(query);
      });
    underWay.set(query, started);
    return started;
  };
  const find = async (query: string): Promise<CommunityAccess | null> => known.get(query) ?? ask(query);
  return {
    inCommunity: (userId, communityId) => find(about(userId, 'communityId', communityId)),
    ofWorkspace: (userId, workspaceId) => find(about(userId, 'workspaceId', workspaceId)),
    currentInCommunity: (userId, communityId) => request(about(userId, 'communityId', communityId)).catch(nullWhereNothingIs),
    forget() {
      known.clear();
      // What is being asked may be answered as it was before: nobody who asks from now on is given that.
      underWay.clear();
    },
  };
};

const nullWhereNothingIs = (error: unknown): null => {
  if (isAppError(error) && error.code === 'NOT_FOUND') return null;
  throw error;
};

const about = (userId: string, name: string, id: string): string =>
  `userId=${encodeURIComponent(userId)}&${name}=${encodeURIComponent(id)}`;
