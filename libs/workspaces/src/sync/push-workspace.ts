import type { DocumentPush, SharedDocument } from '@guildhall/contracts';
import {
  changesOf,
  nextVersion,
  notFound,
  requireFound,
  requireRole,
  requireVersion,
  retryCompareAndSwap,
  versionMismatch,
  type RequestContext,
} from '@guildhall/resources';
import { inOrder } from '../control-m/naming-rules.ts';
import type { DocumentPath } from '../documents.ts';
import { writeOf, type WorkspaceParts } from '../parts.ts';

/** The row of a workspace itself: its name, its description and its naming rules. It is carried as a document is, without versions. */

type WorkspacePush = DocumentPath & { readonly push: DocumentPush };

const find = async ({ store }: WorkspaceParts, { caller }: RequestContext, { workspaceId, id }: DocumentPath) => {
  const found = await requireFound('workspace', store.controlM.findNamingRules(caller.userId, workspaceId));
  if (id !== workspaceId) throw notFound('workspace');
  const { name, description } = found.workspace;
  return { ...found, fields: { name, description, namingRules: inOrder(found.rules) } };
};

/** Throws NOT_FOUND for who may not see the workspace, or not its Control-M. */
export const findWorkspaceFields = async (
  parts: WorkspaceParts,
  context: RequestContext,
  path: DocumentPath,
): Promise<SharedDocument> => {
  const { workspace, fields } = await find(parts, context, path);
  const { version, createdBy: savedBy, updatedAt: savedAt } = workspace;
  return { document: { kind: 'workspace', ...fields }, version, savedBy, savedAt, note: '' };
};

/** One attempt. Undefined when a concurrent change won. */
const tryPush = async (
  parts: WorkspaceParts,
  context: RequestContext,
  { push, ...path }: WorkspacePush,
): Promise<number | undefined> => {
  const { workspace, role, fields } = await find(parts, context, path);
  if (push.document?.kind !== 'workspace' || push.ifVersion === null) throw versionMismatch(workspace.version);
  const { name, description, namingRules } = push.document;
  const changes = changesOf(fields, { name, description, namingRules: inOrder(namingRules) }, context.sha256);
  const resource = { type: 'workspace', id: workspace.id, name: workspace.name };
  const draft = { action: 'workspace.update', resource, communityId: workspace.communityId, changes };
  await requireRole(context, role, 'workspace:update', draft);
  // A push that has landed changes nothing.
  if (changes.length === 0) return workspace.version;
  requireVersion(workspace.version, [push.ifVersion]);
  const next = nextVersion(workspace, { name, description }, context.at);
  const write = writeOf(context, 'workspace:update', draft);
  return (await parts.store.controlM.saveNamingRules(next, inOrder(namingRules), write)) ? next.version : undefined;
};

/** Stores what a copy has, once, and returns the version. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const pushWorkspaceFields = (parts: WorkspaceParts, context: RequestContext, push: WorkspacePush): Promise<number> =>
  retryCompareAndSwap(() => tryPush(parts, context, push));
