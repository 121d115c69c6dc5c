import type { Activity, AuditPayload } from '@guildhall/contracts';
import type { PageRequest } from '@guildhall/resources';

/** An activity as it is recorded. */
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
  /** Records activities of communities that exist, in one statement. Idempotent by id. */
  record(activities: readonly NewActivity[]): Promise<void>;
  /** Newest first. Undefined when the caller does not belong to the community. */
  list(
    callerId: string,
    communityId: string,
    filter: { readonly page: PageRequest; readonly userId?: string },
  ): Promise<readonly Activity[] | undefined>;
}

/** The nouns whose names every member of the community may see. */
const namedNouns: ReadonlySet<string> = new Set([
  'community',
  'member',
  'council',
  'council-member',
  'poll',
  'workspace',
  'script',
  'control-m-folder',
]);

/** The nouns whose activities not every member may see: who was invited, who disputes with whom, who has voted. */
const hiddenNouns: ReadonlySet<string> = new Set(['invite', 'dispute', 'ballot']);
/** Joining. It is an action of the invite, and everyone sees the new member. */
const joining = 'invite.accept';

/** The nouns whose activities run the community itself, and are no contribution to it. */
const housekeepingNouns: ReadonlySet<string> = new Set(['community', 'member', 'council-member', 'invite']);

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
    resource: { type: resource.type, id: resource.id, ...(name !== undefined && namedNouns.has(noun) ? { name } : {}) },
    isShown: !hiddenNouns.has(noun) || action === joining,
    isContribution: !housekeepingNouns.has(noun),
    occurredAt,
  };
};
