import { row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { MailQueue } from '../core/mails.ts';
import type { WaitingMails } from '../core/send-mails.ts';
import { outgoingMails } from './tables.ts';

const ClaimedRow = row([outgoingMails], {
  id: Type.String(),
  sealedMail: Type.String(),
  attempts: Type.Integer(),
  expiresAt: Type.String(),
});

export const createMailStore = (connection: Connection): MailQueue & WaitingMails => ({
  add: async (mail, now) => {
    const at = now.toISOString();
    await connection.query(sql.unsafe`
      INSERT INTO auth.outgoing_mails (id, sealed_mail, available_at, expires_at, created_at, updated_at)
      VALUES (${mail.id}, ${mail.sealedMail}, ${at}, ${mail.expiresAt.toISOString()}, ${at}, ${at})`);
  },
  claim: async ({ max, now, until, impossible }) => {
    const at = now.toISOString();
    const claimed = await connection.any(sql.type(ClaimedRow)`
      WITH due AS (
        SELECT id FROM auth.outgoing_mails WHERE available_at <= ${at} OR available_at > ${impossible.toISOString()} ORDER BY available_at, id LIMIT ${max} FOR UPDATE SKIP LOCKED
      )
      UPDATE auth.outgoing_mails AS mail
      SET available_at = ${until.toISOString()}, attempts = mail.attempts + 1, updated_at = ${at}
      FROM due WHERE mail.id = due.id
      RETURNING mail.id, mail.sealed_mail, mail.attempts, mail.expires_at`);
    return claimed.map(({ expiresAt, ...mail }) => ({ ...mail, expiresAt: new Date(expiresAt) }));
  },
  remove: async (id) => void (await connection.query(sql.unsafe`DELETE FROM auth.outgoing_mails WHERE id = ${id}`)),
  retryAt: async (id, at) =>
    void (await connection.query(sql.unsafe`
      UPDATE auth.outgoing_mails SET available_at = ${at.toISOString()} WHERE id = ${id}`)),
});
