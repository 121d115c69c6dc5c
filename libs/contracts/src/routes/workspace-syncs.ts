import { Type, type Static } from 'typebox';
import { choiceField, field, Name, named, nullable, Timestamp, Uuid, Version, WorkspaceId } from '../fields.ts';
import { group } from '../route.ts';
import { sharingTag } from './sharing.ts';
import { syncedKinds } from './workspace-sync.ts';

/** The synchronisation of copies with their shared workspaces. */

/** The most documents that one synchronisation acts on: what is beyond it waits for the next one. */
export const syncedRowsMax = 500;

const Kind = Type.Enum([...syncedKinds], {
  description: 'The kind of document; `workspace` for the name, the description and the naming rules of the workspace itself.',
  examples: ['script'],
});
const DocumentId = field(
  Uuid,
  'The script, the folder, the imported document or the workspace itself.',
  '1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d',
);
const reasons = [
  'unchanged',
  'changed-alike',
  'new-here',
  'new-there',
  'changed-here',
  'changed-there',
  'restored-here',
  'restored-there',
  'deleted-here',
  'deleted-there',
  'changed-differently',
  'deleted-here-changed-there',
  'changed-here-deleted-there',
] as const;
const Reason = Type.Enum([...reasons], {
  description: 'Why: what became of it `here`, in the copy, and `there`, in the shared workspace, since both were last equal.',
  examples: ['changed-here'],
});

/** The fields that name a document, and what became of it. */
export const syncedFields = {
  documentId: DocumentId,
  kind: Kind,
  name: field(Name, 'Its name.', 'load-orders.sh'),
  reason: Reason,
};

const SyncedRow = named('SyncedRow', 'What a synchronisation does, or did, with one document.', {
  ...syncedFields,
  action: Type.Enum(['push', 'pull', 'merge', 'delete', 'conflict', 'nothing'], {
    description:
      '`push`: it goes into the shared workspace. `pull`: it comes from there. `merge`: both changed other jobs or properties of a folder, and get both changes. `delete`: what is deleted on one side is deleted on the other. `conflict`: both texts are kept, to be resolved. `nothing`: both changed it alike.',
    examples: ['push'],
  }),
  state: Type.Enum(['planned', 'sent', 'done', 'refused', 'undoing', 'undone', 'kept'], {
    description:
      '`planned`: nothing is done yet. `sent` and `undoing`: the answer is not known; the same request again goes on. `refused`: `code` and `detail` say why. `kept`: an undo left it, because it has changed since.',
    examples: ['done'],
  }),
  ownVersion: nullable(Version, 'The version in the copy that it left behind; null where nothing was done.'),
  sharedVersion: nullable(Version, 'The version in the shared workspace; null where nothing was done, or it is deleted there.'),
  conflictId: nullable(Uuid, 'The conflict that it stored.'),
  code: nullable(Type.String({ examples: ['FORBIDDEN'] }), 'The code of the refusal, or of what kept an undo from it.'),
  detail: nullable(Type.String({ examples: ['You may not change scripts here.'] }), 'What that means.'),
});

export const WorkspaceSync = named(
  'WorkspaceSync',
  'A synchronisation of a copy with its shared workspace, document by document.',
  {
    isDryRun: Type.Boolean({ description: 'Whether it is a plan, and nothing was changed.', examples: [false] }),
    id: nullable(Uuid, 'The synchronisation; null for a plan.'),
    state: Type.Enum(['planned', 'running', 'finished', 'undoing', 'undone'], {
      description: '`running` and `undoing`: it was interrupted; the same request again goes on.',
      examples: ['finished'],
    }),
    startedAt: nullable(Timestamp, 'When it began; null for a plan.'),
    rows: Type.Array(SyncedRow, { description: 'The documents that it acts on.' }),
    unchanged: Type.Integer({ minimum: 0, description: 'The number of documents that are equal on both sides.', examples: [40] }),
    remaining: Type.Integer({
      minimum: 0,
      description: `The number of documents that wait for the next synchronisation: one acts on at most ${syncedRowsMax}.`,
      examples: [0],
    }),
  },
);
export type WorkspaceSync = Static<typeof WorkspaceSync>;

const params = { workspaceId: WorkspaceId };
const subject = { type: 'workspace', parameter: 'workspaceId' } as const;
const syncParams = { ...params, syncId: field(Uuid, 'The synchronisation.', '2b3c4d5e-6f7a-4b8c-9d0e-1f2a3b4c5d6e') };
const syncSubject = { type: 'workspace-sync', parameter: 'syncId' } as const;
const errors = ['NOT_FOUND', 'CONFLICT', 'NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE', 'SERVICE_UNAVAILABLE'] as const;

/** The operations of this machine's user, signed in. */
export const workspaceSyncRoutes = group(sharingTag, {
  syncWorkspace: {
    method: 'POST',
    path: '/v1/workspaces/:workspaceId/sync',
    summary:
      'Synchronise a copy with its shared workspace: what one side alone changed goes to the other, what both changed differently becomes a conflict. What was interrupted is completed by the same request again.',
    action: 'workspace.sync',
    subject,
    params,
    query: { dryRun: choiceField(['false', 'true'], 'Whether only the plan is answered, and nothing is changed.') },
    responses: { 200: WorkspaceSync },
    errors,
  },
  undoWorkspaceSync: {
    method: 'POST',
    path: '/v1/workspaces/:workspaceId/sync/:syncId/undo',
    summary:
      'Undo a synchronisation document by document: each side gets back what it had, and the next plan is the one of before. A document that has changed since is kept, and its row says so.',
    action: 'workspace-sync.undo',
    subject: syncSubject,
    params: syncParams,
    responses: { 200: WorkspaceSync },
    errors,
  },
});

/** The operations of this machine's user. */
export const workspaceSyncReadingRoutes = group(sharingTag, {
  getWorkspaceSync: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId/sync/:syncId',
    summary: 'The answers of a synchronisation, document by document.',
    action: 'workspace-sync.read',
    subject: syncSubject,
    params: syncParams,
    responses: { 200: WorkspaceSync },
    errors: ['NOT_FOUND'],
  },
});
