import {
  communityRoleMay,
  communityRolesWith,
  roleText,
  type CommunityPermission,
  type CommunityRole,
  type HeldRole,
  type PermissionExplanation,
} from '@guildhall/contracts';
import { requireFound, type RequestContext } from '@guildhall/resources';

/** The facts by which rules decide what a member of a community may do. */
export interface MemberFacts {
  readonly role: HeldRole;
  /** The built-in role, or the lowest one that includes an own role. */
  readonly rank: CommunityRole;
  readonly score: number;
  /** The scores that the thresholds of the community ask of this member: 0 for who stands above them. */
  readonly scoreToAwardTrust: number;
  readonly scoreForWealth: number;
  /** True if the member is a poll creator, or every member is. */
  readonly isPollCreator: boolean;
}

export interface PermissionFactStore {
  /**
   * Reads the facts of a user in one statement; null for who does not belong to the community. Undefined when the caller does
   * not belong to it.
   */
  find(callerId: string, communityId: string, userId: string): Promise<MemberFacts | null | undefined>;
}

type Decision = Pick<PermissionExplanation, 'isAllowed' | 'rule' | 'explanation'>;

const byScore = (score: number, needed: number): Decision => ({
  isAllowed: score >= needed,
  rule: 'trust-threshold',
  explanation: `The trust score is ${score}, and the community asks for ${needed}.`,
});

const byPollCreators = (isAllowed: boolean): Decision => ({
  isAllowed,
  rule: 'poll-creators',
  explanation: `The settings ${isAllowed ? 'let this member open polls' : 'name who opens polls beside moderators, and not this member'}.`,
});

/** Decides as the statements of the nouns do: first by the role, then by the rule that the permission has beside it. */
export const decide = (facts: MemberFacts | null, permission: CommunityPermission): Decision => {
  if (facts === null) return { isAllowed: false, rule: 'membership', explanation: 'The user does not belong to the community.' };
  const { role, score } = facts;
  if (!communityRoleMay(role, permission)) {
    const holders = communityRolesWith(permission).join(', ');
    return {
      isAllowed: false,
      rule: 'role',
      explanation: `The role, ${roleText(role)}, does not include ${permission}: these do: ${holders}.`,
    };
  }
  if (permission === 'trust:award' && facts.scoreToAwardTrust > 0) return byScore(score, facts.scoreToAwardTrust);
  if (permission === 'wealth:create' && facts.scoreForWealth > 0) return byScore(score, facts.scoreForWealth);
  if (permission === 'poll:create' && !communityRoleMay(role, 'poll:moderate')) return byPollCreators(facts.isPollCreator);
  return { isAllowed: true, rule: 'role', explanation: `The role, ${roleText(role)}, includes ${permission}.` };
};

/** Says whether a user may do something in a community, and which rule decides it. Throws NOT_FOUND. */
export const explainPermission = async (
  store: PermissionFactStore,
  { caller }: Pick<RequestContext, 'caller'>,
  {
    communityId,
    userId,
    permission,
  }: { readonly communityId: string; readonly userId: string; readonly permission: CommunityPermission },
): Promise<PermissionExplanation> => {
  const facts = await requireFound('community', store.find(caller.userId, communityId, userId));
  return { userId, permission, role: facts?.rank ?? null, ...decide(facts, permission) };
};
