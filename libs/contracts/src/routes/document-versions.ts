import { Type, type Static, type TObject, type TProperties } from 'typebox';
import { CreatedBy, CreatorName, field, named, nullable, pageFields, Timestamp, Version } from '../fields.ts';
import { sha256Hex, storableText } from '../patterns.ts';

/** The history of a document, a script or a Control-M folder: the fields and operations that both kinds share. */

/** The longest note of a save, in characters. */
export const noteCharactersMax = 1000;

/** The note of a save, as a body takes it. */
export const Note = Type.Optional(
  Type.String({
    maxLength: noteCharactersMax,
    pattern: storableText,
    description: 'Why this was saved: it stands in the history. Sent with a change.',
    examples: ['Loads the orders of public holidays, too.'],
  }),
);

/** The size and the digest of a document's text. */
export const textFields = {
  sizeBytes: Type.Integer({ minimum: 0, description: 'The length of the text in UTF-8, in bytes.', examples: [52] }),
  sha256: Type.String({
    pattern: sha256Hex,
    description: 'The SHA-256 of the text in UTF-8, in hexadecimal.',
    examples: ['7d0f5f1c9a5b1f0f6b6c1a3c0a7d4f3de2f3c6b1a98e7d6c5b4a39281706f5e4'],
  }),
};

/** The fields of a saved version that every kind of document has. */
export const versionFields = {
  version: field(Version, 'The number of this version. Deleting raises the number, too, and saves no version.', 3),
  note: Type.String({
    description: 'Why it was saved; empty where nothing was said.',
    examples: ['Loads public holidays, too.'],
  }),
  restoredFrom: nullable(field(Version, 'The version that this one restored.', 1), 'Null unless it restored an earlier version.'),
  ...textFields,
  createdBy: field(CreatedBy, 'The user who saved this version.'),
  createdByName: CreatorName,
  createdAt: field(Timestamp, 'When this version was saved.'),
};

const Line = Type.Object(
  {
    kind: Type.Enum(['same', 'removed', 'added'], {
      description: 'Whether both versions have the line, or one of them.',
      examples: ['added'],
    }),
    text: Type.String({ description: 'The line without its line feed.', examples: ['set -eu'] }),
    isUnterminated: Type.Optional(Type.Literal(true, { description: 'True for a last line without a line feed.' })),
  },
  { additionalProperties: false },
);
const lineNumber = (description: string) => Type.Integer({ minimum: 0, description, examples: [1] });
export const LineDiff = named('LineDiff', 'The difference of two texts, line by line.', {
  isMinimal: Type.Boolean({
    description:
      'False where the texts differ so much that no shortest difference was looked for: one hunk then replaces all between their common beginning and end.',
    examples: [true],
  }),
  hunks: Type.Array(
    Type.Object(
      {
        fromLine: lineNumber('The number of its first line in the older text.'),
        fromLines: lineNumber('How many of its lines the older text has.'),
        toLine: lineNumber('The number of its first line in the newer text.'),
        toLines: lineNumber('How many of its lines the newer text has.'),
        lines: Type.Array(Line, { description: 'Its lines, with up to three equal ones around what differs.' }),
      },
      { additionalProperties: false },
    ),
    { description: 'The places that differ, in order.' },
  ),
});
/** The difference of two texts, line by line. */
export type LineDiff = Static<typeof LineDiff>;

/** The schema of a comparison of two versions of a kind of document. */
export const comparisonOf = <S extends TObject>(name: string, summary: S) =>
  named(name, 'Two saved versions compared.', {
    from: summary,
    to: summary,
    diff: LineDiff,
  });

/** The parts that the operations on a history share, from those of its document: `path` is that of one document. */
export const versionOperations = <
  const Path extends `/v1/${string}`,
  const Params extends TProperties,
  const Subject extends { readonly type: string },
>({
  path,
  params,
  subject,
}: {
  readonly path: Path;
  readonly params: Params;
  readonly subject: Subject;
}) => {
  const { type } = subject;
  const all = `${path}/versions` as const;
  const ofOne = { ...params, version: field(Version, 'The number of the version.') };
  return {
    list: { method: 'GET', path: all, action: `${type}-version.list`, subject, params, query: pageFields },
    get: { method: 'GET', path: `${all}/:version`, action: `${type}-version.read`, subject, params: ofOne },
    compare: {
      method: 'GET',
      path: `${all}/compare`,
      action: `${type}-version.compare`,
      subject,
      params,
      query: {
        from: field(Version, 'The number of the one version.', 1),
        to: Type.Optional(field(Version, 'The number of the other version. Default: the last one that was saved.', 3)),
      },
    },
    restore: {
      method: 'POST',
      path: `${all}/:version/restore`,
      action: `${type}.restore-version`,
      subject,
      params: ofOne,
      answersVersion: true,
      isVersioned: true,
    },
  } as const;
};
