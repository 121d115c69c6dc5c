import type { SharedDocument, SyncedDocument, SyncedDocumentKind } from '@guildhall/contracts';
import { readFolders, writeFolders } from '../control-m/document-folders.ts';
import { inOrder } from '../control-m/naming-rules.ts';
import type { SyncSide } from './plan-row.ts';

/** The documents that synchronisation compares and carries. */

/** The fields that a state is made of: everything that is carried, with the digest in place of the text. */
export interface SyncedHead {
  readonly name: string;
  /** Null for what is no script. */
  readonly language: string | null;
  /** Null for what is no script, and where a base of an earlier release does not know it. */
  readonly description: string | null;
  readonly tags: readonly string[] | null;
  /** The SHA-256 of the text in UTF-8, in hexadecimal. */
  readonly sha256: string;
  /** The SHA-256 of the folders of an imported document, as they are stored; null for what is none. */
  readonly foldersSha256: string | null;
}

/** The state of a document, as `planRow` compares it. */
export const stateOf = ({ name, language, description, tags, sha256, foldersSha256 }: SyncedHead): string =>
  JSON.stringify([name, language, description, tags, sha256, foldersSha256]);

const textOf = (document: SyncedDocument): string => {
  if (document.kind === 'script') return document.content;
  if (document.kind === 'control-m-folder') return document.definition;
  if (document.kind === 'control-m-document') return document.source;
  return JSON.stringify([document.description, inOrder(document.namingRules)]);
};

/** The fields that no version has: the description and the tags of a script, and all of a workspace. */
export interface Telling extends Pick<SyncedHead, 'description' | 'tags'> {
  /** Null for what has versions. */
  readonly document: SyncedDocument | null;
}

export const tellingOf = (document: SyncedDocument | null): Telling => {
  if (document?.kind === 'workspace') return { description: null, tags: null, document };
  if (document?.kind !== 'script') return { description: null, tags: null, document: null };
  return { description: document.description, tags: document.tags, document: null };
};

/** The state of a whole document. */
export const stateOfDocument = (document: SyncedDocument, sha256: (text: string) => string): string =>
  stateOf({
    name: document.name,
    language: document.kind === 'script' ? document.language : null,
    ...tellingOf(document),
    sha256: sha256(textOf(document)),
    foldersSha256: document.kind === 'control-m-document' ? sha256(writeFolders(document.folders)) : null,
  });

/** The text of a version of a document, and why it was saved. */
export interface SavedText {
  readonly name: string;
  readonly language: string | null;
  readonly text: string;
  /** The folders of an imported document, as they are stored; null for what is none. */
  readonly folders: string | null;
  readonly note: string;
}

/** A version as a document, with the description and the tags of its base where it is a script. */
export const documentOf = (
  kind: SyncedDocumentKind,
  { name, language, text, folders }: SavedText,
  telling: Pick<SyncedHead, 'description' | 'tags'>,
): SyncedDocument => {
  if (kind === 'control-m-folder') return { kind, name, definition: text };
  if (kind === 'control-m-document') return { kind, name, source: text, folders: readFolders(folders ?? '{}') };
  const { description, tags } = telling;
  return { kind, name, language: language ?? 'text', description: description ?? '', tags: [...(tags ?? [])], content: text };
};

/** A document that is not there, or deleted. */
export const absent: SyncSide = { version: null, state: null };

export const sideOf = (shared: SharedDocument | null, sha256: (text: string) => string): SyncSide =>
  shared === null ? absent : { version: shared.version, state: stateOfDocument(shared.document, sha256) };
