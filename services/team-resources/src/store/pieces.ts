import { idempotencyClaimFragment, outboxInsertFragment, row, sql, type Connection, type Fragment } from '@guildhall/db';
import type { EarlierAnswer, PageRequest, Position, RememberedAnswer } from '@guildhall/workspaces';
import type { AuditEventMessage } from '@guildhall/contracts';
import { Type } from 'typebox';

/** The service's own schema. */
export const schema = 'team';

export const time = (iso: string): Fragment => sql.fragment`${iso}::timestamptz`;

/** The rows of a list behind a position, newest first. */
export const behind = (after: Position | null): Fragment =>
  after === null ? sql.fragment`true` : sql.fragment`(created_at, id) < (${time(after.createdAt)}, ${after.id}::uuid)`;

/** The event of a change, stored when `saved` has a row. */
export const told = (event: AuditEventMessage): Fragment =>
  outboxInsertFragment(schema, [event], sql.fragment`EXISTS (SELECT 1 FROM saved)`);

/** Claims the key of a create when the caller has access. Without a key there is nothing to claim. */
export const claimed = (userId: string, remembered: RememberedAnswer | null): Fragment =>
  remembered === null
    ? sql.fragment`SELECT 1`
    : idempotencyClaimFragment(
        schema,
        { key: remembered.key, principalId: userId, requestHash: remembered.requestHash },
        { status: 201, body: remembered.body },
        sql.fragment`EXISTS (SELECT 1 FROM access)`,
      );

/** The earlier use of a key, to be joined to a place: `request_hash` and `answer`, null where there was none. */
export const earlierJoin = (userId: string, key: string | undefined): Fragment => sql.fragment`
  LEFT JOIN team.idempotency_keys AS earlier
    ON earlier.principal_id = ${userId} AND earlier.key = ${key ?? null}::text AND earlier.expires_at > now()`;

export const limited = ({ limit }: PageRequest<unknown>): Fragment => sql.fragment`LIMIT ${limit}`;

const EarlierRow = row(Type.Object({ requestHash: Type.String(), answer: Type.Object({ body: Type.Unknown() }) }));

/** The earlier use of a key where there is no place to join it to. */
export const findEarlier = async (connection: Connection, userId: string, key: string): Promise<EarlierAnswer | null> => {
  const found = await connection.maybeOne(sql.type(EarlierRow)`
    SELECT request_hash, answer FROM team.idempotency_keys
    WHERE principal_id = ${userId} AND key = ${key} AND expires_at > now()`);
  return found === null ? null : { requestHash: found.requestHash, body: found.answer.body };
};

/** Makes the copy of a user whose event has not arrived yet, when `saved` has a row: a membership needs one to point at. */
export const joinAppUser = ({ userId, displayName }: { readonly userId: string; readonly displayName: string }): Fragment =>
  sql.fragment`
    INSERT INTO team.app_users (id, display_name)
    SELECT ${userId}::text, ${displayName}::text WHERE EXISTS (SELECT 1 FROM saved)
    ON CONFLICT (id) DO NOTHING
    RETURNING id`;
