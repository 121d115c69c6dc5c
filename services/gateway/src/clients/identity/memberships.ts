import { internalRoutes } from '@guildhall/contracts';
import { isAppError } from '@guildhall/errors';
import { answerOf, type InternalClient } from '@guildhall/http';
import { LRUCache } from 'lru-cache';
import type { CommunityAccess } from '../../core/admission/admit.ts';

export interface Memberships {
  /** Both return null if there is no such community or workspace. Answers are at most two seconds old. */
  inCommunity(userId: string, communityId: string): Promise<CommunityAccess | null>;
  ofWorkspace(userId: string, workspaceId: string): Promise<CommunityAccess | null>;
  /** Reads the access like `inCommunity`, never from the cache. */
  currentInCommunity(userId: string, communityId: string): Promise<CommunityAccess | null>;
  /** Invalidates the cache: a membership was changed through this gateway, and its user expects to see that. */
  forget(): void;
}

/** The cache may be this stale, because the service that owns the data checks again. */
const cacheMs = 2_000;
const cachedMax = 50_000;

const Answer = answerOf(internalRoutes.findAccess.responses[200]);

/** Reads a user's role in a community from team-resources, with a cache and single flight: equal concurrent lookups share one call. */
export const createMemberships = (teamResources: InternalClient): Memberships => {
  const cache = new LRUCache<string, CommunityAccess>({ maxSize: cachedMax, sizeCalculation: () => 1, ttl: cacheMs });
  const inFlight = new Map<string, Promise<CommunityAccess | null>>();

  const request = (query: string): Promise<CommunityAccess> =>
    teamResources.call({ method: 'GET', path: `/internal/access?${query}`, answer: Answer });
  const lookUp = (query: string): Promise<CommunityAccess | null> => {
    const pending = inFlight.get(query);
    if (pending !== undefined) return pending;
    const started: Promise<CommunityAccess | null> = request(query)
      .then((access) => {
        // Only memberships are cached: a user without one may be about to join.
        if (access.role !== null && inFlight.get(query) === started) cache.set(query, access);
        return access;
      })
      .catch(nullIfNotFound)
      .finally(() => {
        if (inFlight.get(query) === started) inFlight.delete(query);
      });
    inFlight.set(query, started);
    return started;
  };
  const find = async (query: string): Promise<CommunityAccess | null> => cache.get(query) ?? lookUp(query);
  return {
    inCommunity: (userId, communityId) => find(about(userId, 'communityId', communityId)),
    ofWorkspace: (userId, workspaceId) => find(about(userId, 'workspaceId', workspaceId)),
    currentInCommunity: (userId, communityId) => request(about(userId, 'communityId', communityId)).catch(nullIfNotFound),
    forget() {
      cache.clear();
      // A lookup in flight may still return the old answer: later callers do not share it.
      inFlight.clear();
    },
  };
};

const nullIfNotFound = (error: unknown): null => {
  if (isAppError(error) && error.code === 'NOT_FOUND') return null;
  throw error;
};

const about = (userId: string, name: string, id: string): string =>
  `userId=${encodeURIComponent(userId)}&${name}=${encodeURIComponent(id)}`;
