import { sql, type Fragment } from '@guildhall/db';

/** The condition that the community whose id is in `communityId` has the council; true without one. */
export const hasCouncil = (communityId: Fragment, councilId: string | null): Fragment =>
  councilId === null
    ? sql.fragment`true`
    : sql.fragment`EXISTS (
        SELECT 1 FROM team.councils AS council
        WHERE council.id = ${councilId}::uuid AND council.community_id = ${communityId} AND council.deleted_at IS NULL)`;

/** The condition that the user belongs to the council whose id is in `councilId`, and the council is not deleted. */
export const isOfCouncil = (councilId: Fragment, userId: string): Fragment => sql.fragment`EXISTS (
  SELECT 1 FROM team.resource_memberships AS seat
  JOIN team.councils AS council ON council.id = seat.resource_id AND council.deleted_at IS NULL
  WHERE seat.resource_id = ${councilId} AND seat.resource_type = 'council' AND seat.user_id = ${userId}
    AND seat.deleted_at IS NULL)`;
