import { archiveManifestName, type WorkspaceManifest } from '@guildhall/contracts';

/** A file of an archive. */
export interface ArchiveFile {
  readonly path: string;
  readonly text: string;
}

/** The files of a workspace with what is known of them. */
export interface ArchiveContents {
  readonly manifest: WorkspaceManifest;
  /** The texts of the files by their paths. */
  readonly texts: ReadonlyMap<string, string>;
}

const pathCharactersMax = 80;
const unsafe = /[^\p{L}\p{N}._ -]/gu;

/** A text that is equal for two paths that a file system may take for one: in any case, composed or not. */
const keyOf = (path: string): string => path.normalize('NFC').toLowerCase();

/** Returns a function that gives each name a path of its own within a folder, without folders in it, which every system takes. */
export const pathsIn = (folder: string): ((name: string) => string) => {
  const taken = new Set<string>();
  return (name) => {
    const safe = Array.from(
      name
        .replaceAll(unsafe, '_')
        .replace(/^[. ]+/, '_')
        .replace(/[. ]+$/, '_'),
    )
      .slice(-pathCharactersMax)
      .join('');
    let path = `${folder}/${safe}`;
    for (let number = 2; taken.has(keyOf(path)); number += 1) path = `${folder}/${number}~${safe}`;
    taken.add(keyOf(path));
    return path;
  };
};

/** The manifest as a file. */
export const manifestFile = (manifest: WorkspaceManifest): ArchiveFile => ({
  path: archiveManifestName,
  text: `${JSON.stringify(manifest, null, 2)}\n`,
});
