import { sql, uncheckedRow, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import { clockSkewSecondsMax } from '../core/limits.ts';
import { failureMemorySeconds, ruleOf, type LoginAttempt } from '../core/login-delay.ts';
import { secondsAfter } from '../core/random.ts';
import type { BegunLogIn, Failures } from '../core/user-store.ts';
import { accountRoles } from './account-roles.ts';
import { hasPasskey } from './ways-in.ts';

const failureFields = {
  failures: Type.Array(Type.Object({ id: Type.String(), failures: Type.Integer(), lastFailedAt: Type.String() })),
  reserved: Type.Integer(),
};
const ReservedRow = uncheckedRow(failureFields);
const BegunRow = uncheckedRow({
  credentials: Type.Union([
    Type.Null(),
    Type.Object({
      id: Type.String(),
      email: Type.String(),
      displayName: Type.String(),
      accessVersion: Type.Integer(),
      isEmailVerified: Type.Boolean(),
      isActive: Type.Boolean(),
      hasSecondFactor: Type.Boolean(),
      hasPasskey: Type.Boolean(),
      passwordHash: Type.Union([Type.String(), Type.Null()]),
      roles: Type.Array(Type.String()),
      permissions: Type.Array(Type.String()),
    }),
  ]),
  ...failureFields,
});

const credentialsOf = (email: string): Fragment => sql.fragment`
  SELECT jsonb_build_object(
    'id', account.id, 'email', account.email, 'displayName', account.display_name,
    'accessVersion', account.access_version,
    'isEmailVerified', account.is_email_verified, 'isActive', account.status = 'active' AND account.deleted_at IS NULL,
    'hasSecondFactor', account.is_second_factor_active, 'hasPasskey', ${hasPasskey},
    'passwordHash', secret.password_hash, 'roles', held.roles, 'permissions', held.permissions
  )
  FROM auth.users AS account
  LEFT JOIN auth.user_passwords AS secret ON secret.user_id = account.id
  CROSS JOIN ${accountRoles}
  WHERE account.email = ${email}`;

/** 2⁹ seconds are longer than any delay. */
const doublingsMax = 9;

/** The column of a rule for the row `known`: a row is the pair's or the address's. */
const ofRule = (attempt: LoginAttempt, column: 'freeFailures' | 'delaySecondsMax'): Fragment => sql.fragment`
  CASE WHEN known.id = ${attempt.pairId} THEN ${ruleOf(attempt, attempt.pairId)[column]}::int8
       ELSE ${ruleOf(attempt, attempt.addressId)[column]}::int8 END`;

/** The times between which a failure counts, for an attempt. */
const memoryOf = ({ at }: LoginAttempt) => ({
  forgetBefore: secondsAfter(at, -failureMemorySeconds).toISOString(),
  setBackAfter: secondsAfter(at, clockSkewSecondsMax).toISOString(),
});

/** Whether the next try of `known` may be made, as `secondsToWait` tells it. */
const mayTry = (attempt: LoginAttempt): Fragment => {
  const at = attempt.at.toISOString();
  const { forgetBefore, setBackAfter } = memoryOf(attempt);
  const free = ofRule(attempt, 'freeFailures');
  return sql.fragment`(
    known.failures < ${free} OR known.last_failed_at > ${setBackAfter} OR known.last_failed_at < ${forgetBefore}
    OR known.last_failed_at + least(
      power(2::float8, least(known.failures - ${free}, ${doublingsMax}::int8)::float8), (${ofRule(attempt, 'delaySecondsMax')})::float8
    ) * interval '1 second' <= ${at}
  )`;
};

/** The failures that are known of the subjects of an attempt, as JSON, beside `known`. */
const knownFailures = sql.fragment`
  coalesce(
    (
      SELECT jsonb_agg(jsonb_build_object('id', known.id, 'failures', known.failures, 'lastFailedAt', known.last_failed_at))
      FROM known
    ),
    '[]'::jsonb
  )`;

/** The CTEs `known` and `reserved`: the failures of subjects of an attempt, and those that were reserved for it. */
const reserving = (attempt: LoginAttempt, ids: readonly string[]): Fragment => {
  const at = attempt.at.toISOString();
  const { forgetBefore, setBackAfter } = memoryOf(attempt);
  // Every statement takes its rows in the order of their ids, so that two at once do not wait for each other.
  const rows = ids.toSorted().map((id) => [id]);
  const may = mayTry(attempt);
  return sql.fragment`
    given AS (
      SELECT id FROM ${sql.unnest(rows, ['text'])} AS given (id)
    ), known AS (
      SELECT known.id, known.failures, known.last_failed_at, ${may} AS may_try
      FROM auth.login_delays AS known JOIN given ON given.id = known.id
    ), reserved AS (
      INSERT INTO auth.login_delays AS known (id, failures, last_failed_at, created_at, updated_at)
      SELECT given.id, 1, ${at}::timestamptz, ${at}::timestamptz, ${at}::timestamptz
      FROM given WHERE NOT EXISTS (SELECT 1 FROM known WHERE NOT known.may_try)
      ORDER BY given.id
      ON CONFLICT (id) DO UPDATE
      SET failures = CASE WHEN known.last_failed_at < ${forgetBefore} THEN 1 ELSE known.failures + 1 END,
          last_failed_at = CASE WHEN known.last_failed_at > ${setBackAfter} THEN excluded.last_failed_at
                                ELSE greatest(known.last_failed_at, excluded.last_failed_at) END,
          updated_at = excluded.updated_at
      WHERE ${may}
      RETURNING id
    )`;
};

const beginQuery = (email: string, attempt: LoginAttempt) => sql.type(BegunRow)`
  WITH ${reserving(attempt, [attempt.pairId, attempt.addressId])}
  SELECT (${credentialsOf(email)}) AS credentials, (SELECT count(*) FROM reserved) AS reserved, ${knownFailures} AS failures`;

const reserveQuery = (attempt: LoginAttempt) => sql.type(ReservedRow)`
  WITH ${reserving(attempt, [attempt.pairId])}
  SELECT (SELECT count(*) FROM reserved) AS reserved, ${knownFailures} AS failures`;

const subjectsPerAttempt = 2;

const toFailures = (rows: readonly { id: string; failures: number; lastFailedAt: string }[]): readonly Failures[] =>
  rows.map(({ lastFailedAt, ...counted }) => ({ ...counted, lastFailedAt: new Date(lastFailedAt) }));

export const beginLogIn = async (connection: Connection, email: string, attempt: LoginAttempt): Promise<BegunLogIn> => {
  const { credentials, failures, reserved } = await connection.one(beginQuery(email, attempt));
  return { credentials, failures: toFailures(failures), isReserved: reserved === subjectsPerAttempt };
};

export const reserveFailure = async (
  connection: Connection,
  attempt: LoginAttempt,
): Promise<Pick<BegunLogIn, 'failures' | 'isReserved'>> => {
  const { failures, reserved } = await connection.one(reserveQuery(attempt));
  return { failures: toFailures(failures), isReserved: reserved === 1 };
};
