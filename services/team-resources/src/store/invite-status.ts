import { sql, type Fragment } from '@guildhall/db';
import { timestamp } from './fragments.ts';
import { inviterMayInvite } from './inviters.ts';

/** The status of the `invite` of the statement around it at a time. */
export const statusAt = (at: string): Fragment => sql.fragment`
  CASE WHEN invite.revoked_at IS NOT NULL THEN 'revoked'
       WHEN invite.declined_at IS NOT NULL THEN 'declined'
       WHEN invite.uses_left = 0 THEN 'used'
       WHEN invite.expires_at <= ${timestamp(at)} THEN 'expired'
       WHEN NOT ${inviterMayInvite} THEN 'revoked'
       ELSE 'open' END`;

/** The condition that the `invite` of the statement around it can be accepted at a time. */
export const openInvite = (at: string): Fragment => sql.fragment`
  invite.revoked_at IS NULL AND invite.declined_at IS NULL AND invite.uses_left > 0 AND invite.expires_at > ${timestamp(at)}
  AND ${inviterMayInvite}`;
