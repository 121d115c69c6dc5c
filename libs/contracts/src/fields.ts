import { Type, type TSchema } from 'typebox';

/** The kinds of field that bodies are made of. Strings and lists are always bounded. */
export const Uuid = Type.String({ format: 'uuid' });
/** A user's id: a UUID made here, or the subject of an outside identity provider. */
export const UserId = Type.String({ minLength: 1, maxLength: 255 });
/** RFC 3339 in UTC with milliseconds: `2026-01-31T08:30:00.000Z`. */
export const Timestamp = Type.String({ format: 'date-time', maxLength: 40 });
/** Raised by one with every change; sent as the ETag. */
export const Version = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER });
/** A one-line name: at least one character that is not white space, no control characters. */
export const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '^(?=.*\\S)[^\\u0000-\\u001f\\u007f]*$' });
/** Free text of several lines. */
export const Description = Type.String({ maxLength: 4000, pattern: '^[^\\u0000]*$' });
export const Email = Type.String({ format: 'email', maxLength: 254 });

export const pageLimitMax = 100;
export const pageLimitDefault = 25;

/** `?limit=&cursor=` of every list. The cursor is opaque to the caller. */
export const pageFields = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: pageLimitMax, default: pageLimitDefault })),
  cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
};
export const PageQuery = Type.Object(pageFields, { additionalProperties: false });

/** One page of a list; `nextCursor` is null on the last one. */
export const pageOf = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), nextCursor: Type.Union([Type.String(), Type.Null()]) }, { additionalProperties: false });
