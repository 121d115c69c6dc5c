import {
  communityRights,
  communityRoleMay,
  communityRolesWith,
  roleText,
  type CommunityAbility,
  type CommunityPermission,
  type CommunityRight,
  type CommunityRole,
  type CommunitySettings,
  type HeldRole,
  type OwnPermissions,
  type PermissionExplanation,
} from '@guildhall/contracts';
import { notFound, requireFound, type RequestContext, type SignedInCaller } from '@guildhall/resources';
import { seesMetric, type MetricName } from './metrics.ts';

/** The facts by which rules decide what a member of a community may do. */
export interface MemberFacts {
  readonly role: HeldRole;
  /** The built-in role, or the lowest one that includes an own role. */
  readonly rank: CommunityRole;
  readonly score: number;
  /** The trust title that the score reaches. */
  readonly title: string;
  /** The scores that the thresholds of the community ask of this member: 0 for who stands above them. */
  readonly scoreToAwardTrust: number;
  readonly scoreForWealth: number;
  /** True if the member is a poll creator, or every member is. */
  readonly isPollCreator: boolean;
  /** True for members of the councils that handle disputes; where there are none, for whose role includes it. */
  readonly handlesDisputes: boolean;
  readonly visibility: CommunitySettings['metricVisibilitySettings'];
}

/** Names the user whose facts are asked for, and the permission that the caller needs for that. */
export interface AskedFacts {
  readonly callerId: string;
  readonly needed: CommunityPermission;
  readonly communityId: string;
  readonly userId: string;
}

export interface PermissionFactStore {
  /**
   * Reads the facts of a user in one statement; null for who does not belong to the community. Undefined when the caller does
   * not hold `needed` in it.
   */
  find(asked: AskedFacts): Promise<MemberFacts | null | undefined>;
}

/** A decision about a right, and the rule that made it. */
export type Decision = Pick<PermissionExplanation, 'isAllowed' | 'rule' | 'explanation'>;

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

const byDisputeCouncils = (isAllowed: boolean): Decision => ({
  isAllowed,
  rule: 'dispute-councils',
  explanation: isAllowed
    ? 'This member resolves the disputes of others: as a member of a council that handles them, or by the role where none does.'
    : 'Disputes are resolved by the councils that the settings name, by admins and owners where there are none; not by this member.',
});

const byVisibility = (isAllowed: boolean): Decision => ({
  isAllowed,
  rule: 'metric-visibility',
  explanation: `The settings ${isAllowed ? 'show this metric to this member' : 'hide this metric from who may not change them'}.`,
});

const metricOf: Readonly<Record<Exclude<CommunityAbility, 'dispute:resolve'>, MetricName>> = {
  'metrics:active-members': 'activeMembers',
  'metrics:wealth-generation': 'wealthGeneration',
  'metrics:trust-network': 'trustNetwork',
  'metrics:council-activity': 'councilActivity',
  'metrics:needs-fulfillment': 'needsFulfillment',
  'metrics:dispute-rate': 'disputeRate',
};

const isMetric = (right: CommunityRight): right is keyof typeof metricOf => right in metricOf;

/** The permission that a right needs: that of the route which takes it. */
const permissionOf = (right: CommunityRight): CommunityPermission => {
  if (right === 'dispute:resolve') return 'dispute:open';
  return isMetric(right) ? 'metrics:read' : right;
};

/** Decides as the statements of the nouns do: first by the role, then by the rule that the right has beside it. */
export const decide = (facts: MemberFacts | null, right: CommunityRight): Decision => {
  if (facts === null) return { isAllowed: false, rule: 'membership', explanation: 'The user does not belong to the community.' };
  const { role, score } = facts;
  const permission = permissionOf(right);
  if (!communityRoleMay(role, permission)) {
    const holders = communityRolesWith(permission).join(', ');
    return {
      isAllowed: false,
      rule: 'role',
      explanation: `The role, ${roleText(role)}, does not include ${permission}: these do: ${holders}.`,
    };
  }
  if (right === 'trust:award' && facts.scoreToAwardTrust > 0) return byScore(score, facts.scoreToAwardTrust);
  if (right === 'wealth:create' && facts.scoreForWealth > 0) return byScore(score, facts.scoreForWealth);
  if (right === 'poll:create' && !communityRoleMay(role, 'poll:moderate')) return byPollCreators(facts.isPollCreator);
  if (right === 'dispute:resolve') return byDisputeCouncils(facts.handlesDisputes);
  if (isMetric(right)) return byVisibility(seesMetric(facts, metricOf[right]));
  return { isAllowed: true, rule: 'role', explanation: `The role, ${roleText(role)}, includes ${permission}.` };
};

/**
 * Says whether a user may do something in a community, and which rule decides it. Global permissions are those of the caller's sign-in:
 * this service knows nobody else's, and says so by null. None of them opens anything in a community. Throws NOT_FOUND.
 */
export const explainPermission = async (
  store: PermissionFactStore,
  { caller }: Pick<RequestContext<SignedInCaller>, 'caller'>,
  {
    communityId,
    userId,
    permission,
  }: { readonly communityId: string; readonly userId: string; readonly permission: CommunityRight },
): Promise<PermissionExplanation> => {
  const asked = { callerId: caller.userId, needed: 'member:read', communityId, userId } as const;
  const facts = await requireFound('community', store.find(asked));
  const globalPermissions = userId === caller.userId ? [...caller.permissions] : null;
  return { userId, permission, role: facts?.rank ?? null, globalPermissions, ...decide(facts, permission) };
};

/** Lists what the caller may do in a community: each right whose explanation allows it. Throws NOT_FOUND. */
export const listOwnPermissions = async (
  store: PermissionFactStore,
  { caller: { userId } }: Pick<RequestContext<SignedInCaller>, 'caller'>,
  communityId: string,
): Promise<OwnPermissions> => {
  const asked = { callerId: userId, needed: 'community:read', communityId, userId } as const;
  const facts = await requireFound('community', store.find(asked));
  if (facts === null) throw notFound('community');
  return { userId, role: facts.rank, permissions: communityRights.filter((right) => decide(facts, right).isAllowed) };
};
