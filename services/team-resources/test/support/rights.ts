import { communityRights, type CommunityRight } from '@guildhall/contracts';
import type { SharedDatabase } from '@guildhall/db';
import { explainPermission } from '../../src/core/explain-permission.ts';
import { createPermissionFacts } from '../../src/store/permission-facts.ts';
import type { User } from './team-service.ts';

/** The rights of users in a community, by what explains each of them, and the trust titles of its members. */
export interface Rights {
  readonly allowed: ReadonlyMap<string, ReadonlySet<CommunityRight>>;
  readonly titles: ReadonlyMap<string, string>;
}

/** Explains every right of every user, by the rule behind the route; the facts of each user are read once. */
export const readRights = async (
  { connection }: Pick<SharedDatabase, 'connection'>,
  { id: communityId, owner }: { readonly id: string; readonly owner: User },
  users: readonly User[],
): Promise<Rights> => {
  const actor = { type: 'user', id: owner.userId } as const;
  const caller = { ...owner, actor, sessionId: '', permissions: [] };
  const allowed = new Map<string, ReadonlySet<CommunityRight>>();
  const titles = new Map<string, string>();
  for (const { userId } of users) {
    const asked = { callerId: owner.userId, needed: 'member:read', communityId, userId } as const;
    const facts = await createPermissionFacts(connection).find(asked);
    const explained = communityRights.map((permission) =>
      explainPermission({ find: async () => facts }, { caller }, { communityId, userId, permission }),
    );
    const answers = await Promise.all(explained);
    allowed.set(userId, new Set(communityRights.filter((_right, index) => answers[index]?.isAllowed === true)));
    if (facts !== null && facts !== undefined) titles.set(userId, facts.title);
  }
  return { allowed, titles };
};

/** The rights that each user gains and loses from one reading to the other, by their ids; nothing of whom nothing changes for. */
export const differenceOf = (before: Rights, after: Rights) =>
  [...before.allowed]
    .map(([userId, had]) => {
      const has = after.allowed.get(userId) ?? new Set();
      const [was, is] = [before.titles.get(userId), after.titles.get(userId)];
      return {
        userId,
        gains: [...has.difference(had)].toSorted(),
        losses: [...had.difference(has)].toSorted(),
        title: was === undefined || is === undefined || was === is ? null : { before: was, after: is },
      };
    })
    .filter(({ gains, losses, title }) => gains.length + losses.length > 0 || title !== null)
    .toSorted((one, other) => (one.userId < other.userId ? -1 : 1));
