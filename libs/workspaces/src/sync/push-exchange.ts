import type { DocumentPush } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { retryCompareAndSwap, versionMismatch, type RequestContext } from '@guildhall/resources';
import { folderKind } from '../control-m-folders.ts';
import { findDocument, prepareSave } from '../documents.ts';
import { folderFields } from './document-fields.ts';
import type { PushParts } from './push-document.ts';

/** Folders whose names go round among them: none of them could be saved before the others. */

interface FolderPush {
  readonly folderId: string;
  readonly push: DocumentPush;
}

export interface FolderExchange {
  readonly workspaceId: string;
  readonly pushes: readonly FolderPush[];
}

const prepare = async (parts: PushParts, context: RequestContext, workspaceId: string, { folderId: id, push }: FolderPush) => {
  const kind = folderKind(parts);
  const { item } = await findDocument(kind, context, { workspaceId, id });
  const landed = await parts.pushed.findVersion('control-m-folder', id, push.pushId);
  if (landed !== undefined) return { landed };
  if (push.document?.kind !== 'control-m-folder') throw new AppError('INVALID', 'Only folders exchange their names.');
  if (push.ifVersion === null) throw versionMismatch(item.version);
  const { note, pushId: versionId } = push;
  const change = { workspaceId, id, edit: folderFields(push.document), note, versionId, ifMatch: [push.ifVersion] };
  return await prepareSave(kind, context, 'update', change);
};

/**
 * Saves folders that exchange their names, all of them or none, and returns their versions; the same pushes again answer the versions
 * that they stored. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH, INVALID, CONFLICT where another folder has a name.
 */
export const pushExchangedFolders = (
  parts: PushParts,
  context: RequestContext,
  { workspaceId, pushes }: FolderExchange,
): Promise<readonly number[]> =>
  retryCompareAndSwap(async () => {
    const prepared = [];
    for (const push of pushes) prepared.push(await prepare(parts, context, workspaceId, push));
    const saves = prepared.flatMap((one) => ('landed' in one || one.save === null ? [] : [{ next: one.next, write: one.save }]));
    if (saves.length > 0 && !(await parts.pushed.saveFolders(saves))) return undefined;
    return prepared.map((one) => ('landed' in one ? one.landed : one.next.version));
  });
