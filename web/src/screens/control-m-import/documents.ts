/** A document that is to be imported. */
export interface SourceDocument {
  readonly name: string;
  readonly text: string;
}

/** The most that one import takes, in bytes, with room for the body around it. */
const importBytesMax = 16_000_000;

export const isTooLarge = (documents: readonly SourceDocument[]): boolean =>
  new Blob(documents.map(({ text }) => text)).size > importBytesMax;

/** A file whose bytes are no UTF-8. */
export class UnreadableFile extends Error {}

/** Reads a file as UTF-8, with its byte order mark: an export gives it back. Throws UnreadableFile, whose message is the name. */
const readFile = async (file: File): Promise<SourceDocument> => {
  const name = file.webkitRelativePath === '' ? file.name : file.webkitRelativePath;
  try {
    return { name, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer()) };
  } catch (error) {
    if (error instanceof TypeError) throw new UnreadableFile(name, { cause: error });
    throw error;
  }
};

export const readFiles = (files: Iterable<File>): Promise<readonly SourceDocument[]> => Promise.all(Array.from(files, readFile));

/** Documents with others added; a later one takes the place of one of the same name. */
export const withDocuments = (
  documents: readonly SourceDocument[],
  added: readonly SourceDocument[],
): readonly SourceDocument[] => [...documents.filter(({ name }) => !added.some((one) => one.name === name)), ...added];
