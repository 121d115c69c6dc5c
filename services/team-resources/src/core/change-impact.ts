import {
  communityRights,
  communityRoleMay,
  pageLimitDefault,
  type ChangeImpact,
  type CommunityRight,
  type CommunitySettings,
  type MemberImpact,
} from '@guildhall/contracts';
import type { RequestContext } from '@guildhall/resources';
import type { CommunityStore } from './communities.ts';
import { decide, type Decision, type MemberFacts } from './explain-permission.ts';
import type { MemberStore } from './members.ts';
import type { OwnRoleStore } from './own-roles.ts';
import { lostReach } from './reach.ts';

/** A member of a community, with the facts that decide about their rights. */
export interface MemberWithFacts {
  readonly userId: string;
  readonly displayName: string;
  readonly facts: MemberFacts;
}

/** The facts that decide about the rights of all members of a community, at one moment. */
export interface CommunityFacts {
  readonly members: readonly MemberWithFacts[];
  readonly titles: CommunitySettings['trustTitles']['titles'];
  readonly openInvites: number;
}

/** A community before and after a change that was tried. */
export interface Trial {
  readonly before: CommunityFacts;
  readonly after: CommunityFacts;
}

/** The stores that a change is tried on. */
export interface ChangedStores {
  readonly communities: CommunityStore;
  readonly members: MemberStore;
  readonly ownRoles: OwnRoleStore;
}

/** A community, and the member whom a change is about, if any. */
export interface ChangedPlace {
  readonly communityId: string;
  readonly memberId?: string | undefined;
}

export interface DryRunStore {
  /**
   * Runs a change and undoes it at once, and reads the facts before and after it: of one snapshot, and without a lock, so that no other
   * change waits while they are read. `change` may run several times. Throws what it throws.
   */
  run(place: ChangedPlace, change: (stores: ChangedStores) => Promise<unknown>): Promise<Trial>;
}

/** The part of the members that an answer lists. */
export interface ImpactQuery extends ChangedPlace {
  readonly limit?: number;
  /** The members after this one, by their ids. */
  readonly after?: string;
}

type Decisions = ReadonlyMap<CommunityRight, Decision>;

/** Returns a function that decides about every right; equal facts are decided about once. */
const createDecisions = (): ((facts: MemberFacts | null) => Decisions) => {
  const known = new Map<string, Decisions>();
  return (facts) => {
    const key = JSON.stringify(facts);
    const decisions = known.get(key) ?? new Map(communityRights.map((right) => [right, decide(facts, right)]));
    known.set(key, decisions);
    return decisions;
  };
};

const titleChange = (before: MemberFacts | null, after: MemberFacts | null): MemberImpact['title'] =>
  before === null || after === null || before.title === after.title ? null : { before: before.title, after: after.title };

/** The rights that are allowed by `some` and not by `others`, with the rule that decides after the change. */
const changedRights = (some: Decisions, others: Decisions, after: Decisions): MemberImpact['gains'] =>
  communityRights.flatMap((permission) => {
    const decision = after.get(permission);
    const isChanged = some.get(permission)?.isAllowed === true && others.get(permission)?.isAllowed === false;
    return isChanged && decision !== undefined ? [{ permission, rule: decision.rule }] : [];
  });

/** The members who gain or lose something, by their ids in the order of their characters' codes. */
const impactsOf = ({ before, after }: Trial): readonly MemberImpact[] => {
  const decisionsOn = createDecisions();
  const factsAfter = new Map(after.members.map(({ userId, facts }) => [userId, facts]));
  return before.members
    .map(({ userId, displayName, facts }) => {
      const next = factsAfter.get(userId) ?? null;
      const [had, has] = [decisionsOn(facts), decisionsOn(next)];
      if (had === has) return { userId, displayName, gains: [], losses: [], title: null };
      const [gains, losses] = [changedRights(has, had, has), changedRights(had, has, has)];
      return { userId, displayName, gains, losses, title: titleChange(facts, next) };
    })
    .filter(({ gains, losses, title }) => gains.length + losses.length > 0 || title !== null)
    .toSorted((one, other) => (one.userId < other.userId ? -1 : 1));
};

const countsOf = (impacts: readonly MemberImpact[]): ChangeImpact['rights'] => {
  const gained = Map.groupBy(
    impacts.flatMap(({ gains }) => gains),
    ({ permission }) => permission,
  );
  const lost = Map.groupBy(
    impacts.flatMap(({ losses }) => losses),
    ({ permission }) => permission,
  );
  return communityRights
    .map((permission) => ({
      permission,
      gained: gained.get(permission)?.length ?? 0,
      lost: lost.get(permission)?.length ?? 0,
    }))
    .filter((counts) => counts.gained + counts.lost > 0);
};

/** True if a user may read who belongs to the community. */
const readsMembers = ({ before }: Trial, userId: string): boolean => {
  const member = before.members.find((each) => each.userId === userId);
  return member !== undefined && communityRoleMay(member.facts.role, 'member:read');
};

/** The impact of a change as a user sees it: the difference of what explains each right of each member. */
const impactOf = (trial: Trial, callerId: string, { limit = pageLimitDefault, after = '' }: ImpactQuery): ChangeImpact => {
  const impacts = impactsOf(trial);
  const rest = readsMembers(trial, callerId) ? impacts.filter(({ userId }) => userId > after) : [];
  const members = rest.slice(0, limit);
  return {
    memberCount: impacts.length,
    rights: countsOf(impacts),
    members,
    nextAfter: rest.length > members.length ? (members.at(-1)?.userId ?? null) : null,
    unreachable: lostReach(trial),
    revokedInvites: Math.max(0, trial.before.openInvites - trial.after.openInvites),
  };
};

type Denial = Parameters<RequestContext['recordDenial']>;

/**
 * Tries a change: says whose rights it would change, and changes nothing. It needs what the change itself needs, and is refused as it
 * is. A refusal is recorded when the transaction has ended, so that nobody holds one connection while waiting for another.
 */
export const findImpact = async (
  dryRuns: DryRunStore,
  context: RequestContext,
  query: ImpactQuery,
  change: (stores: ChangedStores, context: RequestContext) => Promise<unknown>,
): Promise<ChangeImpact> => {
  let denials: readonly Denial[] = [];
  const trying: RequestContext = {
    ...context,
    recordDenial: async (...denial) => void (denials = [...denials, denial]),
  };
  try {
    const trial = await dryRuns.run(query, (stores) => {
      denials = [];
      return change(stores, trying);
    });
    return impactOf(trial, context.caller.userId, query);
  } catch (error) {
    for (const denial of denials) await context.recordDenial(...denial);
    throw error;
  }
};
