import type { AuditEventMessage } from '@guildhall/contracts';
import { createOutboxStore, row, sql, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import { schema, timestamp } from './fragments.ts';
import { inviterMayInvite } from './inviters.ts';
import { invites } from './tables.ts';

const RevokedRow = row([invites], { id: Type.String() });

/** Revokes the open invites of a community whose maker may not make them any more, each with its event. `made` says which are looked at. */
export const revokeFallenInvites = async (
  tx: Connection,
  {
    communityId,
    at,
    revokedEvent,
  }: { readonly communityId: string; readonly at: string; readonly revokedEvent: (inviteId: string) => AuditEventMessage },
  made: Fragment,
): Promise<void> => {
  const revoked = await tx.any(sql.type(RevokedRow)`
    UPDATE team.invites AS invite SET revoked_at = ${timestamp(at)}, updated_at = ${timestamp(at)}
    WHERE invite.community_id = ${communityId}::uuid AND ${made}
      AND invite.revoked_at IS NULL AND invite.declined_at IS NULL AND invite.uses_left > 0 AND invite.expires_at > ${timestamp(at)}
      AND NOT ${inviterMayInvite}
    RETURNING invite.id`);
  await createOutboxStore(tx, schema).append(revoked.map(({ id }) => revokedEvent(id)));
};
