import { leftJoined, row, sql, type Connection, type Fragment } from '@guildhall/db';
import type { WithEarlier } from '@guildhall/resources';
import type { CreateTarget } from '../core/community-resource.ts';
import { earlierJoin } from './fragments.ts';
import { earlierColumns, Role } from './rows.ts';
import { idempotencyKeys, resourceMemberships } from './tables.ts';

/** A row of a parent, with the columns of `earlierJoin`. */
interface TargetColumns {
  readonly requestHash?: string;
  readonly answer?: { readonly body: unknown };
}

/** The parent of a row, and the earlier answer under the caller's Idempotency-Key. Undefined without a row. */
export const toTarget = <T extends TargetColumns>(found: T | null): (Omit<T, keyof TargetColumns> & WithEarlier) | undefined => {
  if (found === null) return undefined;
  const { requestHash, answer, ...parent } = found;
  return { ...parent, earlier: requestHash === undefined ? null : { requestHash, body: answer?.body } };
};

const TargetRow = row([resourceMemberships, leftJoined(idempotencyKeys)], { role: Role, ...earlierColumns });

/** Finds the parent in which something is to be created: `access` selects the caller's role in it, no row if they may not see it. */
export const findTarget = async (
  connection: Connection,
  access: Fragment,
  userId: string,
  key: string | undefined,
): Promise<CreateTarget | undefined> =>
  toTarget(
    await connection.maybeOne(sql.type(TargetRow)`
      WITH access AS (${access})
      SELECT access.role, earlier.request_hash, earlier.answer FROM access ${earlierJoin(userId, key)}`),
  );
