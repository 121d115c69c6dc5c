import { pack, type Pack } from 'tar-stream';
import type { ArchiveFile } from './archive-files.ts';

/** Waits until a file is in the archive and its reader has taken what lies before it. */
const addFile = (archive: Pack, { path, text }: ArchiveFile): Promise<void> =>
  new Promise((resolve, reject) => {
    // The time is always the same: equal contents make equal archives.
    archive.entry({ name: path, mtime: new Date(0), mode: 0o644 }, Buffer.from(text), (error) =>
      error ? reject(error) : resolve(),
    );
  });

/**
 * Writes files as a tar archive (POSIX.1-2001, pax): each is made when the reader has taken the one before. The stream errors where
 * making one fails, and the files end where the reader does.
 */
export const writeArchive = (files: AsyncIterable<ArchiveFile>): ReadableStream<Uint8Array> => {
  const archive = pack();
  const fill = async (): Promise<void> => {
    for await (const file of files) {
      if (archive.destroyed) return;
      await addFile(archive, file);
    }
    archive.finalize();
  };
  fill().catch((error: Error) => archive.destroy(error));
  return ReadableStream.from(archive as AsyncIterable<Uint8Array>);
};
