import { communityRoles, type HeldOwnRole, type HeldRole } from '@guildhall/contracts';
import { Type, type TProperties, type TSchema } from 'typebox';

/** Columns that the row schemas of many statements have in common. */

/** The caller's role in a community, as they hold it. */
export const Role = Type.Unsafe<HeldRole>(Type.String());

/** The role that a row names: a built-in one, or the rank of an own one. */
export const BuiltInRole = Type.Enum([...communityRoles]);

/** The own role of a member or an invite, left-joined. */
export interface OwnRoleColumns {
  readonly ownRoleId?: string | null | undefined;
  readonly ownRoleName?: string | null | undefined;
}

export const toHeldOwnRole = ({ ownRoleId, ownRoleName }: OwnRoleColumns): HeldOwnRole | null =>
  typeof ownRoleId === 'string' ? { id: ownRoleId, name: ownRoleName ?? '' } : null;

export const nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);

/** The columns of a table that is left-joined: none of them is there in a row without a partner. */
export const partial = <const P extends TProperties>(columns: P) => Type.Partial(Type.Object(columns)).properties;

/** The columns of every row that a user creates and changes. */
export const versionedColumns = {
  id: Type.String(),
  createdBy: Type.String(),
  version: Type.Integer(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
};

/** The columns of every community resource that has a name. */
export const namedColumns = {
  ...versionedColumns,
  communityId: Type.String(),
  name: Type.String(),
  description: Type.String(),
};

/** The columns of `earlierJoin`. */
export const earlierColumns = {
  requestHash: Type.Optional(Type.String()),
  answer: Type.Optional(Type.Object({ body: Type.Unknown() })),
};
