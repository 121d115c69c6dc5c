/** The folders that were made of an imported document: stored as JSON, their ids by their names in it, and answered as a list. */

/** A folder by its name in the document. */
export interface DocumentFolder {
  readonly name: string;
  readonly folderId: string;
}

export const readFolders = (text: string): DocumentFolder[] =>
  Object.entries(JSON.parse(text) as Readonly<Record<string, string>>).map(([name, folderId]) => ({ name, folderId }));

/** The text of a list that `readFolders` made is the text that it was made of. */
export const writeFolders = (folders: readonly DocumentFolder[]): string =>
  JSON.stringify(Object.fromEntries(folders.map(({ name, folderId }) => [name, folderId])));
