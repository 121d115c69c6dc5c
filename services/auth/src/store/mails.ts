import { outboxInsertFragment, row, sql, uncheckedRow, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { ServiceQueue } from '@guildhall/contracts';
import type { MailRate } from '../core/limits.ts';
import type { MailQueue } from '../core/mails.ts';
import type { WaitingMails } from '../core/send-mails.ts';
import { secondsAfter } from '../core/random.ts';
import { mailRates, outgoingMails } from './tables.ts';

const ClaimedRow = row([outgoingMails], {
  id: Type.String(),
  sealedMail: Type.String(),
  attempts: Type.Integer(),
  expiresAt: Type.String(),
  requestId: Type.Union([Type.String(), Type.Null()]),
  createdAt: Type.String(),
});
const RateRow = row([mailRates], { id: Type.String() });
const DepthRow = uncheckedRow({ waiting: Type.Integer(), oldestSeconds: Type.Number() });
const RemovedRow = row([outgoingMails], { id: Type.String() });

/**
 * The generic cell rate algorithm (ITU-T I.371): each mail moves the theoretical arrival time of the next one by a pause, and one
 * is allowed while that time is less than the burst ahead. A time a pause further ahead than any burst is that of a clock that was set back.
 */
const spendRateQuery = (subject: string, { atOnceMax, pauseSeconds }: MailRate, now: Date) => {
  const at = now.toISOString();
  const next = secondsAfter(now, pauseSeconds).toISOString();
  const lastAllowed = secondsAfter(now, (atOnceMax - 1) * pauseSeconds).toISOString();
  const impossible = secondsAfter(now, (atOnceMax + 1) * pauseSeconds).toISOString();
  return sql.type(RateRow)`
    INSERT INTO auth.mail_rates AS known (id, theoretical_arrival_at, created_at, updated_at)
    VALUES (${subject}, ${next}, ${at}, ${at})
    ON CONFLICT (id) DO UPDATE
    SET theoretical_arrival_at = CASE
          WHEN known.theoretical_arrival_at > ${impossible} OR known.theoretical_arrival_at < ${at} THEN ${next}::timestamptz
          ELSE known.theoretical_arrival_at + (${next}::timestamptz - ${at}::timestamptz)
        END,
        updated_at = ${at}
    WHERE known.theoretical_arrival_at <= ${lastAllowed} OR known.theoretical_arrival_at > ${impossible}
    RETURNING id`;
};

export const createMailStore = (connection: Connection): MailQueue & WaitingMails => ({
  add: async (mail, now) => {
    const at = now.toISOString();
    await connection.query(sql.unsafe`
      INSERT INTO auth.outgoing_mails (id, sealed_mail, available_at, expires_at, request_id, created_at, updated_at)
      VALUES (${mail.id}, ${mail.sealedMail}, ${at}, ${mail.expiresAt.toISOString()}, ${mail.requestId ?? null}, ${at}, ${at})`);
  },
  spendRate: async (subject, rate, now) => (await connection.maybeOne(spendRateQuery(subject, rate, now))) !== null,
  claim: async ({ max, now, until, impossible }) => {
    const at = now.toISOString();
    const claimed = await connection.any(sql.type(ClaimedRow)`
      WITH due AS (
        SELECT id FROM auth.outgoing_mails WHERE available_at <= ${at} OR available_at > ${impossible.toISOString()} ORDER BY available_at, id LIMIT ${max} FOR UPDATE SKIP LOCKED
      )
      UPDATE auth.outgoing_mails AS mail
      SET available_at = ${until.toISOString()}, attempts = mail.attempts + 1, updated_at = ${at}
      FROM due WHERE mail.id = due.id
      RETURNING mail.id, mail.sealed_mail, mail.attempts, mail.expires_at, mail.request_id, mail.created_at`);
    // An update returns its rows in any order; who gets two mails is to read them as they were written.
    const oldestFirst = claimed.toSorted((one, other) => one.createdAt.localeCompare(other.createdAt));
    return oldestFirst.map(({ expiresAt, createdAt: _createdAt, ...mail }) => ({ ...mail, expiresAt: new Date(expiresAt) }));
  },
  remove: async (id, events) =>
    void (await connection.maybeOne(sql.type(RemovedRow)`
      WITH removed AS (DELETE FROM auth.outgoing_mails WHERE id = ${id} RETURNING id),
      outbox AS (${outboxInsertFragment('auth', events, sql.fragment`EXISTS (SELECT 1 FROM removed)`)})
      SELECT id FROM removed`)),
  retryAt: async (id, at) =>
    void (await connection.query(sql.unsafe`
      UPDATE auth.outgoing_mails SET available_at = ${at.toISOString()} WHERE id = ${id}`)),
});

/** Reads how many mails wait, for how long the oldest, by the clock of the database. What is given up is removed. */
export const createMailDepths = (connection: Connection) => async (): Promise<readonly ServiceQueue[]> => {
  const depth = await connection.one(sql.type(DepthRow)`
    SELECT count(id)::int8 AS waiting,
           coalesce(greatest(0, extract(epoch FROM now() - min(created_at))), 0)::float8 AS oldest_seconds
    FROM auth.outgoing_mails`);
  return [{ name: 'mails', ...depth, failed: null }];
};
