import type { WorkspaceManifest } from '@guildhall/contracts';
import type { RequestContext } from '@guildhall/resources';
import type { DocumentHistory } from '../create-document.ts';
import { definitionFields } from '../folder-definition.ts';
import type { DocumentTypes, FolderTypes, ImportedDocumentTypes, ScriptTypes } from '../workspace-store.ts';
import type { Earlier, NamedHistory, ScriptHistory } from './histories.ts';

/** The histories of an archive, as what an import creates gets them. */

/** The texts of an archive by their paths. */
type Texts = ReadonlyMap<string, string>;

/** Reads a history back. Times that are yet to come are those of the import. */
const read = <D extends DocumentTypes, One extends Earlier>(
  { earlier, last }: { readonly earlier: readonly One[]; readonly last: NamedHistory['last'] },
  { at }: Pick<RequestContext, 'at'>,
  fieldsOf: (saved: One) => DocumentHistory<D>['earlier'][number]['fields'],
): DocumentHistory<D> => {
  const savedOf = ({ note, restoredFrom, savedAt }: NamedHistory['last']) => {
    return { note, restoredFrom, savedAt: savedAt < at ? savedAt : at };
  };
  return { earlier: earlier.map((one) => ({ ...savedOf(one), fields: fieldsOf(one) })), last: savedOf(last) };
};

/** The history of a script; its description and its tags are those of the last version, for versions have none. */
export const readScriptHistory = (
  { history, description, tags }: WorkspaceManifest['scripts'][number],
  texts: Texts,
  context: RequestContext,
): DocumentHistory<ScriptTypes> | undefined =>
  history &&
  read<ScriptTypes, ScriptHistory['earlier'][number]>(history, context, ({ name, language, path }) => {
    return { name, language, description, tags, content: texts.get(path) ?? '' };
  });

/** The histories of the folders and imported documents of an archive. */
export interface ArchivedHistories {
  readonly folder: (name: string) => DocumentHistory<FolderTypes> | undefined;
  readonly document: (name: string, folders: string) => DocumentHistory<ImportedDocumentTypes> | undefined;
}

/** Throws INVALID or TOO_LARGE for a version of a folder that is no definition of one. */
export const readHistories = ({ histories }: WorkspaceManifest, texts: Texts, context: RequestContext): ArchivedHistories => {
  const folders = new Map(histories?.folders.map(({ name, history }) => [name, history]));
  const documents = new Map(histories?.documents.map(({ name, history }) => [name, history]));
  return {
    folder: (name) => {
      const history = folders.get(name);
      return (
        history &&
        read<FolderTypes, Earlier>(history, context, (saved) => {
          const text = texts.get(saved.path) ?? '';
          return { name: saved.name, ...definitionFields(text, JSON.parse(text) as Readonly<Record<string, unknown>>) };
        })
      );
    },
    document: (name, own) => {
      const history = documents.get(name);
      return (
        history &&
        read<ImportedDocumentTypes, Earlier>(history, context, (saved) => {
          return { name: saved.name, source: texts.get(saved.path) ?? '', folders: own };
        })
      );
    },
  };
};
