import type { WealthRequest } from '@guildhall/contracts';
import { row, sql, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { AuditedWrite } from '../core/community-write.ts';
import { quantityEffect, type WealthRequestMove } from '../core/wealth-request-states.ts';
import { recordEvents, timestamp } from './fragments.ts';
import { wealthRequests } from './tables.ts';
import { isOffered, scoredAccess, seesWealth } from './wealth-access.ts';

const SavedRow = row([wealthRequests], { id: Type.String() });

/** The condition that the user may make the move: the sides as the state machine names them. */
const isOfSide = ({ from, to }: WealthRequestMove, userId: string): Fragment => {
  const isRequester = sql.fragment`locked.created_by = ${userId}`;
  const isProvider = sql.fragment`(locked.created_by <> ${userId} AND (w.created_by = ${userId} OR access.sees_all))`;
  if (from === 'accepted') return sql.fragment`(${isRequester} OR ${isProvider})`;
  return to === 'cancelled' ? isRequester : isProvider;
};

/** Selects the wealth of the locked request if the user may make the move. */
const mayMove = (move: WealthRequestMove, userId: string): Fragment => sql.fragment`
  w.id = locked.wealth_id AND w.deleted_at IS NULL AND ${seesWealth(userId)} AND ${isOfSide(move, userId)}`;

/** Moves the quantities of the wealth; accepting does so only while it is offered and there is enough left. */
const movedWealth = (move: WealthRequestMove, userId: string, at: string): Fragment => {
  const { taken, fulfilled } = quantityEffect(move);
  if (taken === 0 && fulfilled === 0) {
    return sql.fragment`SELECT w.id FROM locked, access, team.wealth AS w WHERE ${mayMove(move, userId)}`;
  }
  const isEnough = sql.fragment`(w.quantity IS NULL OR w.quantity_taken + locked.quantity <= w.quantity)`;
  return sql.fragment`
    UPDATE team.wealth AS w
    SET quantity_taken = w.quantity_taken + locked.quantity * ${taken}::int8,
        quantity_fulfilled = w.quantity_fulfilled + locked.quantity * ${fulfilled}::int8,
        status = CASE WHEN w.status = 'active' AND w.quantity_fulfilled + locked.quantity * ${fulfilled}::int8 >= w.quantity
                      THEN 'fulfilled' ELSE w.status END,
        version = w.version + 1, updated_at = ${timestamp(at)}
    FROM locked, access
    WHERE ${mayMove(move, userId)} AND ${taken === 1 ? sql.fragment`${isOffered} AND ${isEnough}` : sql.fragment`true`}
    RETURNING w.id`;
};

/**
 * Moves a request and the quantities of its wealth in one statement. The request's row is locked first, so that one of several
 * moves of it wins; then the row of the wealth, whose condition is looked at again by each that waited for it: of many accepts
 * at once, those for which there is enough win.
 */
export const moveRequest = async (
  connection: Connection,
  { id, communityId, wealthId, status, version, updatedAt }: WealthRequest,
  move: WealthRequestMove,
  { userId, event }: AuditedWrite,
): Promise<boolean> => {
  const saved = await connection.maybeOne(sql.type(SavedRow)`
    WITH access AS MATERIALIZED (${scoredAccess(userId, communityId, 'wealth:request')}),
    locked AS (
      SELECT request.id, request.wealth_id, request.quantity, request.created_by FROM team.wealth_requests AS request
      WHERE request.id = ${id}::uuid AND request.wealth_id = ${wealthId}::uuid AND request.version = ${version - 1}::int8
        AND request.status = ${move.from} AND EXISTS (SELECT 1 FROM access)
      FOR UPDATE
    ),
    moved AS (${movedWealth(move, userId, updatedAt)}),
    saved AS (
      UPDATE team.wealth_requests AS request
      SET status = ${status}, version = ${version}::int8, updated_at = ${timestamp(updatedAt)}
      FROM moved
      WHERE request.id = ${id}::uuid AND request.wealth_id = moved.id
      RETURNING request.id
    ),
    ${recordEvents(event)}
    SELECT id FROM saved`);
  return saved !== null;
};
