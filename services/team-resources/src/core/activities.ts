import type { Activity, AuditPayload } from '@guildhall/contracts';
import type { PageRequest } from '@guildhall/resources';

/** An activity as it is recorded, by the statement that makes the change. */
export interface NewActivity {
  /** The id of the audit event. */
  readonly id: string;
  readonly communityId: string;
  readonly userId: string;
  readonly action: string;
  readonly resource: Activity['resource'];
  /** True if every member may see it. */
  readonly isShown: boolean;
  /** True if the member contributed by it. */
  readonly isContribution: boolean;
  readonly occurredAt: string;
}

export interface ActivityStore {
  /**
   * Newest first, without what was done to resources that the caller may not see. Undefined when the caller does not belong to the community.
   */
  list(
    callerId: string,
    communityId: string,
    filter: { readonly page: PageRequest; readonly userId?: string },
  ): Promise<readonly Activity[] | undefined>;
  /**
   * Removes at most `limit` activities that were done before a time in ISO 8601, and returns how many. Contributions are kept for as
   * long as their community counts them.
   */
  purgeDoneBefore(at: string, limit: number): Promise<number>;
}

/**
 * The nouns of audit actions, by who sees what was done to them: `named`: every member, with its name; `shown`: every member,
 * without its name; `narrow`: whoever sees the resource itself, which the store decides; `hidden`: nobody here, since it would tell
 * who was invited, who disputes with whom, who has voted.
 */
export const visibilities = {
  community: 'named',
  member: 'named',
  'own-role': 'named',
  council: 'named',
  'council-member': 'named',
  poll: 'named',
  workspace: 'named',
  script: 'named',
  'control-m-folder': 'named',
  'control-m-document': 'named',
  forum: 'shown',
  thread: 'shown',
  post: 'shown',
  need: 'shown',
  pool: 'shown',
  'pool-contribution': 'shown',
  'trust-award': 'shown',
  'trust-grant': 'shown',
  wealth: 'narrow',
  'wealth-request': 'narrow',
  invite: 'hidden',
  dispute: 'hidden',
  ballot: 'hidden',
} as const;

/** The visibility of what is done to a noun. A noun that nobody has decided on is hidden. */
const visibilityOf = (noun: string): (typeof visibilities)[keyof typeof visibilities] =>
  (visibilities as Readonly<Record<string, (typeof visibilities)[keyof typeof visibilities]>>)[noun] ?? 'hidden';

/** Joining. It is an action of the invite, and everyone sees the new member. */
const joining = 'invite.accept';

/** The nouns whose activities run the community itself, and are no contribution to it. */
const housekeepingNouns: ReadonlySet<string> = new Set(['community', 'member', 'own-role', 'council-member', 'invite']);

/** An audit event of the outbox. */
export interface RecordedEvent {
  readonly id: string;
  readonly occurredAt: string;
  readonly payload: AuditPayload;
}

/** The activity of an audit event: undefined for what was refused, was done by no user, or lies in no community. */
export const activityOf = ({ id, occurredAt, payload }: RecordedEvent): NewActivity | undefined => {
  const { actor, action, resource, communityId, result } = payload;
  if (result !== 'success' || actor.type !== 'user' || communityId === undefined) return undefined;
  const [noun = ''] = action.split('.');
  const { name } = resource;
  return {
    id,
    communityId,
    userId: actor.id,
    action,
    resource: { type: resource.type, id: resource.id, ...(name !== undefined && visibilityOf(noun) === 'named' ? { name } : {}) },
    isShown: visibilityOf(noun) !== 'hidden' || action === joining,
    isContribution: !housekeepingNouns.has(noun),
    occurredAt,
  };
};
