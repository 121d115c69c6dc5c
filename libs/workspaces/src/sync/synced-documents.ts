import type { SharedDocument, SyncedDocument, SyncedKind } from '@guildhall/contracts';
import type { SyncSide } from './plan-row.ts';

/** The documents that synchronisation compares and carries. */

/** The fields that a state is made of: everything that is carried, with the digest in place of the text. */
export interface SyncedHead {
  readonly name: string;
  /** Null for a Control-M folder. */
  readonly language: string | null;
  /** Null for a Control-M folder, and where a base of an earlier release does not know it. */
  readonly description: string | null;
  readonly tags: readonly string[] | null;
  /** The SHA-256 of the text in UTF-8, in hexadecimal. */
  readonly sha256: string;
}

/** The state of a document, as `planRow` compares it. */
export const stateOf = ({ name, language, description, tags, sha256 }: SyncedHead): string =>
  JSON.stringify([name, language, description, tags, sha256]);

const textOf = (document: SyncedDocument): string => (document.kind === 'script' ? document.content : document.definition);

/** The description and the tags of a script: its versions do not have them. */
export const tellingOf = (document: SyncedDocument | null) =>
  document?.kind === 'script' ? { description: document.description, tags: document.tags } : { description: null, tags: null };

const headOf = (document: SyncedDocument, sha256: (text: string) => string): SyncedHead => ({
  name: document.name,
  language: document.kind === 'script' ? document.language : null,
  ...tellingOf(document),
  sha256: sha256(textOf(document)),
});

/** The text of a version of a document, and why it was saved. */
export interface SavedText {
  readonly name: string;
  readonly language: string | null;
  readonly text: string;
  readonly note: string;
}

/** A version as a document, with the description and the tags of its base where it is a script. */
export const documentOf = (
  kind: SyncedKind,
  { name, language, text }: SavedText,
  telling: Pick<SyncedHead, 'description' | 'tags'>,
): SyncedDocument =>
  kind === 'script'
    ? {
        kind,
        name,
        language: language ?? 'text',
        description: telling.description ?? '',
        tags: [...(telling.tags ?? [])],
        content: text,
      }
    : { kind, name, definition: text };

/** A document that is not there, or deleted. */
export const absent: SyncSide = { version: null, state: null };

export const sideOf = (shared: SharedDocument | null, sha256: (text: string) => string): SyncSide =>
  shared === null ? absent : { version: shared.version, state: stateOf(headOf(shared.document, sha256)) };
