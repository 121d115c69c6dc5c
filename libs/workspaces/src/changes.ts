import type { Change, Workspace } from '@guildhall/contracts';

/** The digest of a text, in hexadecimal. Handed in, so that the rules need no cryptography of their own. */
export type Digest = (text: string) => string;

export type WorkspaceEdit = Partial<Pick<Workspace, 'name' | 'description'>>;

interface Versioned {
  readonly version: number;
  readonly updatedAt: string;
}

/** The next version of an edited row. */
export const edited = <T extends Versioned, E extends object>(current: T, edit: E, at: string): T & E => ({
  ...current,
  ...edit,
  version: current.version + 1,
  updatedAt: at,
});

/** Fields that hold a whole document. */
const texts: ReadonlySet<string> = new Set(['content', 'definition']);

const told = (field: string, value: unknown, digest: Digest): unknown =>
  texts.has(field) && typeof value === 'string' ? { sha256: digest(value), characters: value.length } : value;

/** What an edit changes, field by field. A script's text and a folder's definition are told by SHA-256 and length. */
export const changesOf = (
  before: Readonly<Record<string, unknown>> | null,
  edit: Readonly<Record<string, unknown>>,
  digest: Digest,
): readonly Change[] =>
  Object.entries(edit)
    .filter(([field, after]) => after !== undefined && before?.[field] !== after)
    .map(([field, after]) => ({
      path: `/${field}`,
      ...(before === null ? {} : { before: told(field, before[field], digest) }),
      after: told(field, after, digest),
    }));
