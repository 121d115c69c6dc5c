import type { ControlMFolder, ControlMFolderSummary, ControlMImpact } from '@guildhall/contracts';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { call, send } from '../api/call.ts';
import { ProblemError } from '../api/problem.ts';
import { memberText } from './member-text.ts';

/** A folder with the text of its definition, character by character. */
export interface FolderSource extends ControlMFolderSummary {
  readonly text: string;
}

const sourceOf = async (answer: Response): Promise<FolderSource> => {
  const json = await answer.text();
  const { definition: _definition, ...summary } = JSON.parse(json) as ControlMFolder;
  return { ...summary, text: memberText(json, 'definition') };
};

const paramsOf = ({ workspaceId, id }: FolderSource) => ({ workspaceId, folderId: id });

const readSource = async (workspaceId: string, folderId: string, signal?: AbortSignal): Promise<FolderSource> =>
  sourceOf(await send('getControlMFolder', { params: { workspaceId, folderId }, signal }));

export const useFolderSource = (workspaceId: string, folderId: string, everyMs: number): UseQueryResult<FolderSource> =>
  useQuery({
    queryKey: ['getControlMFolder', workspaceId, folderId],
    queryFn: ({ signal }) => readSource(workspaceId, folderId, signal),
    refetchInterval: everyMs,
  });

/** The changes of a save. The text is sent as it is written. */
export interface FolderChange {
  readonly name?: string;
  readonly text?: string;
  readonly note?: string;
}

const bodyOf = ({ name, text, note = '' }: FolderChange): string => {
  const members = [
    ...(name === undefined ? [] : [`"name":${JSON.stringify(name)}`]),
    ...(text === undefined ? [] : [`"definition":${text}`]),
    ...(note === '' ? [] : [`"note":${JSON.stringify(note)}`]),
  ];
  return `{${members.join(',')}}`;
};

/** Tries a change and answers its blast radius; nothing is changed. Throws a ProblemError. */
export const tryChange = async (base: FolderSource, change: FolderChange): Promise<ControlMImpact> => {
  const request = { params: paramsOf(base), version: base.version, query: { dryRun: 'true' }, json: bodyOf(change) };
  return (await send('updateControlMFolder', request)).json() as Promise<ControlMImpact>;
};

/** The result of a save: the new version, or the one that somebody else saved before. */
export type SavedFolder = { readonly folder: FolderSource } | { readonly theirs: FolderSource };

/** Saves a change on top of a version. Where that is not the last one any more, nothing is saved, and the last one is returned. */
export const saveChange = async (base: FolderSource, change: FolderChange): Promise<SavedFolder> => {
  try {
    const request = { params: paramsOf(base), version: base.version, json: bodyOf(change) };
    return { folder: await sourceOf(await send('updateControlMFolder', request)) };
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== 'VERSION_MISMATCH') throw error;
    return { theirs: await readSource(base.workspaceId, base.id) };
  }
};

/** Tries the deletion of a folder and answers its blast radius. */
export const tryDelete = (base: FolderSource): Promise<ControlMImpact> =>
  call('deleteControlMFolder', {
    params: paramsOf(base),
    version: base.version,
    query: { dryRun: 'true', force: 'false' },
  }) as Promise<ControlMImpact>;

/** Deletes a folder, also one that others refer to: what that means was shown before. */
export const deleteFolder = async (base: FolderSource): Promise<void> => {
  await call('deleteControlMFolder', {
    params: paramsOf(base),
    version: base.version,
    query: { dryRun: 'false', force: 'true' },
  });
};
