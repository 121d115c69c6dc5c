import type {
  DocumentTypes,
  DocumentWrite,
  EarlierVersion,
  FolderTypes,
  ImportedDocumentTypes,
  SaveWrite,
  ScriptTypes,
} from './workspace-store.ts';

/** The writes of a kind of document: true, or a promise of it, once it is made. */
interface DocumentWrites<D extends DocumentTypes, Made> {
  insert(document: D['item'], write: SaveWrite, earlier?: readonly EarlierVersion<D>[]): Made;
  save(next: D['item'], write: SaveWrite): Made;
}

interface AllWrites<Made> {
  readonly scripts: DocumentWrites<ScriptTypes, Made>;
  readonly controlMFolders: DocumentWrites<FolderTypes, Made>;
  readonly controlMDocuments: DocumentWrites<ImportedDocumentTypes, Made>;
}

const apply = <D extends DocumentTypes, Made>(
  { insert, save }: DocumentWrites<D, Made>,
  {
    kind,
    document,
    write,
    earlier,
  }: Pick<DocumentWrite, 'kind' | 'write'> & {
    readonly document: D['item'];
    readonly earlier?: readonly EarlierVersion<D>[] | undefined;
  },
): Made => (kind === 'insert' ? insert(document, write, earlier) : save(document, write));

/** Makes one write of several by the writes of its store. */
export const applyWrite = <Made>(stores: AllWrites<Made>, write: DocumentWrite): Made => {
  if (write.store === 'scripts') return apply(stores.scripts, write);
  return write.store === 'controlMFolders' ? apply(stores.controlMFolders, write) : apply(stores.controlMDocuments, write);
};
