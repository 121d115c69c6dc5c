import type { Invite, InviteMailMessage } from '@guildhall/contracts';
import type { RequestContext } from '@guildhall/resources';

/** The event by which auth is asked to mail an invite; null for one to no address. It carries no token. */
export const inviteMailOf = (
  { at, newId }: Pick<RequestContext, 'at' | 'newId'>,
  invite: Invite,
  communityName: string,
): InviteMailMessage | null => {
  const { id: inviteId, email, role, createdByName: inviterName, expiresAt } = invite;
  if (email === null) return null;
  const payload = { inviteId, email, role, communityName, inviterName, expiresAt };
  return { id: newId(), kind: 'invite-mail', occurredAt: at, payload };
};
