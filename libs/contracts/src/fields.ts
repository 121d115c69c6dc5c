import { soughtLine, storableText, visibleLine } from './patterns.ts';
import { Type, type TObject, type TProperties, type TSchema } from 'typebox';

/** A closed object: it refuses fields that it does not name. */
export const closed = <const P extends TProperties>(fields: P, description?: string): TObject<P> =>
  Type.Object(fields, { additionalProperties: false, ...(description === undefined ? {} : { description }) });

/** A closed object that is a schema of its own in the OpenAPI document, under `name`. */
export const named = <const P extends TProperties>(name: string, description: string, fields: P): TObject<P> =>
  Type.Object(fields, { additionalProperties: false, title: name, description });

/** The closed body of a partial update: at least one of its fields, which are all optional. */
export const atLeastOne = <const P extends TProperties>(fields: P): TObject<P> =>
  Type.Object(fields, { additionalProperties: false, minProperties: 1 });

/** A field with what it means, and an example of it where its kind has none that fits. */
export const field = <S extends TSchema>(schema: S, description: string, ...examples: readonly unknown[]): S =>
  Type.With(schema, { description, ...(examples.length === 0 ? {} : { examples }) }) as unknown as S;

/** A field that is null where there is no value. */
export const nullable = <S extends TSchema>(schema: S, description: string) => Type.Union([schema, Type.Null()], { description });

/** The kinds of field that bodies are made of. Strings and lists are always bounded. */
export const Uuid = Type.String({
  format: 'uuid',
  description: 'A UUID.',
  examples: ['0f9c2b1e-6d1a-4f6e-9c3b-5a7d8e9f0a1b'],
});
export const UserId = Type.String({
  minLength: 1,
  maxLength: 255,
  description: "A user's id: a UUID, or the subject that an outside identity provider gave.",
  examples: ['7d2f4c1a-3b5e-4a6f-8c9d-1e2f3a4b5c6d'],
});
export const Timestamp = Type.String({
  format: 'date-time',
  maxLength: 40,
  description: 'A time in UTC with milliseconds (RFC 3339).',
  examples: ['2026-01-31T08:30:00.000Z'],
});
export const Version = Type.Integer({
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'Raised by one with every change; the same number as in the ETag.',
  examples: [3],
});
/** A name of one visible line. */
export const Name = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: visibleLine,
  description: 'A name of one line.',
  examples: ['Night batch'],
});
export const Description = Type.String({
  maxLength: 4000,
  pattern: storableText,
  description: 'Free text of several lines.',
  examples: ['Everything that runs between midnight and six.'],
});
export const Email = Type.String({
  format: 'email',
  maxLength: 254,
  description: 'An e-mail address.',
  examples: ['ada@example.org'],
});
export const CreatedAt = field(Timestamp, 'When it was created.', '2026-01-31T08:30:00.000Z');
export const UpdatedAt = field(Timestamp, 'When it was last changed.', '2026-02-02T14:05:12.345Z');
export const CreatedBy = field(UserId, 'The user who created it; `solo` for what lies in the solo file.');

export const UserName = Type.String({ description: 'The name of a user.', examples: ['Ada Lovelace'] });
export const CreatorName = field(
  UserName,
  'The name of the user who created it; empty if it is not known, as in the solo file, which keeps no names.',
);

/** The fields of every versioned resource that a user creates. */
export const createdFields = {
  createdBy: CreatedBy,
  createdByName: CreatorName,
  version: Version,
  createdAt: CreatedAt,
  updatedAt: UpdatedAt,
};

/** A part of a name that a list is searched for. */
export const SoughtText = Type.String({ minLength: 1, maxLength: 200, pattern: soughtLine });

/** The parameters that name a community, a workspace and a user in paths. */
export const CommunityId = field(Uuid, 'The community.', '5b1f9a1e-2c3d-4e5f-8a9b-0c1d2e3f4a5b');
export const WorkspaceId = field(Uuid, 'The workspace.', '9a8b7c6d-5e4f-4a3b-8c1d-0e9f8a7b6c5d');

export const pageLimitMax = 100;
export const pageLimitDefault = 25;

/** The longest cursor: a name or a user's id of 255 characters of three bytes each, in base64, beside a time and the digest. */
const cursorCharactersMax = 2048;

/** The query of every list: keyset pagination by `?limit=&cursor=`. The cursor is opaque to the caller, and belongs to the list and its filters. */
export const pageFields = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: pageLimitMax,
      default: pageLimitDefault,
      description: 'The most items that a page holds.',
      examples: [pageLimitDefault],
    }),
  ),
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: cursorCharactersMax,
      description:
        'Where the page begins: `nextCursor` of the page before, with the same filters. The first page is asked for without it.',
      examples: ['h7Jx0q2LkWc.WyIyMDI2LTAxLTMxVDA4OjMwOjAwLjAwMFoiLCIwZjljMmIxZSJd'],
    }),
  ),
};

/** The query field that asks a list for its deleted items. */
export const deletedField = (description: string) =>
  Type.Optional(Type.Enum(['deleted'], { description, examples: ['deleted'] }));

/** A query field that takes one of several values; the first is the default. */
export const choiceField = <const Values extends string[]>(values: readonly [...Values], description: string) =>
  Type.Optional(Type.Enum(values, { default: values[0], description, examples: [values[0]] }));

/** The query of a list of things with names: a page of those that contain a text, in one of two orders. */
export const namedListFields = {
  ...pageFields,
  q: Type.Optional(field(SoughtText, 'Only those whose name contains this text, in any case.', 'night')),
  sort: choiceField(['newest', 'name'], 'The order: the newest first, or by name.'),
  state: deletedField('The deleted ones, of those that the caller may restore.'),
};

const NextCursor = nullable(
  Type.String({ examples: ['h7Jx0q2LkWc.WyIyMDI2LTAxLTMxVDA4OjMwOjAwLjAwMFoiLCIwZjljMmIxZSJd'] }),
  'The `cursor` of the next page; null on the last page.',
);

/** The schema of a page of `name`s: `<name>Page` in the OpenAPI document. */
export const pageOf = <T extends TSchema>(name: string, item: T) =>
  named(`${name}Page`, 'One page of a list.', {
    items: Type.Array(item, { description: 'The items of this page.' }),
    nextCursor: NextCursor,
  });
