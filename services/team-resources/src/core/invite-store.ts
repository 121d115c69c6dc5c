import type { AuditEventMessage, Community, HeldRole, Invite, InviteMailMessage } from '@guildhall/contracts';
import type { PageRequest, RememberedAnswer } from '@guildhall/resources';
import type { CreateTarget } from './community-resource.ts';

/** An invite as the holder of its token sees it. */
export interface InviteWithCommunity {
  readonly invite: Invite;
  readonly community: Pick<Community, 'id' | 'name'>;
  readonly isMember: boolean;
  /** The caller was removed from the community after the invite was made, and it is not to their address: it does not bring them back. */
  readonly isBarred: boolean;
}

export interface NewInviteWrite {
  readonly communityId: string;
  readonly userId: string;
  readonly invite: Invite;
  readonly tokenHash: string;
  readonly event: AuditEventMessage;
  /** The request for its mail; null for an invite to no address. */
  readonly mail: InviteMailMessage | null;
  readonly remembered: RememberedAnswer | null;
}

/** The caller's role in the community that an invite is to be created in. */
export interface InviteTarget extends CreateTarget {
  readonly communityName: string;
}

/**
 * Invites to communities. An invite stands on the right of who made it: it is `revoked` from the moment when they may not
 * invite to its role any more. Reads are one statement. Writes store the change and its event, or neither; they return false,
 * having changed nothing, when the invite or the caller's rights are not (any more) as the change needs them.
 */
export interface InviteStore {
  /** Newest first, with the caller's own role. Undefined when the user does not belong to the community. */
  list(
    userId: string,
    communityId: string,
    page: PageRequest,
    at: string,
  ): Promise<{ readonly role: HeldRole; readonly invites: readonly Invite[] } | undefined>;
  findCreateTarget(userId: string, communityId: string, key: string | undefined): Promise<InviteTarget | undefined>;
  /** Checks again that the user's role may invite, and that it is at or above the role that is granted. */
  insert(write: NewInviteWrite): Promise<boolean>;
  /** Undefined when the user does not belong to the community; `invite` is undefined when there is none. */
  find(
    userId: string,
    communityId: string,
    inviteId: string,
    at: string,
  ): Promise<{ readonly role: HeldRole; readonly invite: Invite | undefined } | undefined>;
  revoke(userId: string, communityId: string, inviteId: string, at: string, event: AuditEventMessage): Promise<boolean>;
  findByToken(tokenHash: string, userId: string, at: string): Promise<InviteWithCommunity | undefined>;
  /**
   * Spends one use and makes the user a member; of several callers for the last use exactly one gets it. Checks again that who
   * made the invite may still invite to its role, and that it may bring back a user who was removed.
   */
  accept(
    inviteId: string,
    user: { readonly userId: string; readonly displayName: string },
    at: string,
    event: AuditEventMessage,
  ): Promise<boolean>;
  decline(inviteId: string, at: string, event: AuditEventMessage): Promise<boolean>;
}
