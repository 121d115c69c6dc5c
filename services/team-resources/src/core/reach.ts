import { communityRights, type CommunityRight, type Unreachable } from '@guildhall/contracts';
import type { CommunityFacts, MemberWithFacts, Trial } from './change-impact.ts';
import { decide, type MemberFacts } from './explain-permission.ts';

/**
 * The reach of trust awards: what members of a community can get to without a grant. The bound is generous: everyone who may award, or
 * may once others have awarded them, awards every other member. What lies beyond it is out of reach for certain.
 */

const mayAward = (facts: MemberFacts): boolean => decide(facts, 'trust:award').isAllowed;

/** The members who may award trust once everyone who may has awarded everyone else: a fixed point. The highest scores come first. */
const awardersOf = (members: readonly MemberWithFacts[]): ReadonlySet<string> => {
  const awarders = new Set(members.filter(({ facts }) => mayAward(facts)).map(({ userId }) => userId));
  const others = members
    .filter(({ userId, facts }) => !awarders.has(userId) && decide(facts, 'trust:award').rule === 'trust-threshold')
    .toSorted((one, other) => other.facts.score - one.facts.score);
  for (const { userId, facts } of others) {
    if (!mayAward({ ...facts, score: facts.score + awarders.size })) break;
    awarders.add(userId);
  }
  return awarders;
};

/** The members with the highest score that awards alone can give them. */
const atTheirBest = (members: readonly MemberWithFacts[]): readonly MemberFacts[] => {
  const awarders = awardersOf(members);
  return members.map(({ userId, facts }) => ({
    ...facts,
    score: facts.score + awarders.size - (awarders.has(userId) ? 1 : 0),
  }));
};

const highest = (best: readonly MemberFacts[]): number => best.reduce((most, { score }) => Math.max(most, score), 0);

const unreachable = (kind: Unreachable['kind'], name: string, explanation: string): Unreachable => ({ kind, name, explanation });

const takesGrant = (needed: number, reached: number): string =>
  `It asks for a score of ${needed}. With every award that can still be given, members reach ${reached} at most: it takes a grant.`;

/** The rights that a threshold keeps from every member whom it holds. */
const beyondThreshold = (best: readonly MemberFacts[], right: 'trust:award' | 'wealth:create'): readonly Unreachable[] => {
  const held = best.filter((facts) => decide(facts, right).rule === 'trust-threshold');
  const [first] = held;
  if (first === undefined || held.some((facts) => decide(facts, right).isAllowed)) return [];
  const needed = right === 'trust:award' ? first.scoreToAwardTrust : first.scoreForWealth;
  return [unreachable('trust-threshold', right, takesGrant(needed, highest(held)))];
};

const beyondTitles = ({ titles }: CommunityFacts, best: readonly MemberFacts[]): readonly Unreachable[] =>
  titles
    .filter(({ minScore }) => minScore > highest(best))
    .map(({ name, minScore }) => unreachable('trust-title', name, takesGrant(minScore, highest(best))));

const withoutHolder = (members: readonly MemberWithFacts[], right: CommunityRight): readonly Unreachable[] =>
  members.some(({ facts }) => decide(facts, right).isAllowed)
    ? []
    : [unreachable('right', right, 'Nobody in the community may do this.')];

/** Everything that nobody in a community can reach: rights without anybody who has them, thresholds and titles beyond every award. */
const outOfReach = (community: CommunityFacts): readonly Unreachable[] => {
  const best = atTheirBest(community.members);
  return [
    ...communityRights.flatMap((right) => withoutHolder(community.members, right)),
    ...beyondThreshold(best, 'trust:award'),
    ...beyondThreshold(best, 'wealth:create'),
    ...beyondTitles(community, best),
  ];
};

const keyOf = ({ kind, name }: Unreachable): string => `${kind} ${name}`;

/** The difference of a change: what nobody can reach after it, and somebody could before it. */
export const lostReach = ({ before, after }: Trial): Unreachable[] => {
  const lacking = new Set(outOfReach(before).map(keyOf));
  return outOfReach(after).filter((each) => !lacking.has(keyOf(each)));
};
