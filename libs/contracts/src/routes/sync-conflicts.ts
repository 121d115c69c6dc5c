import { Type } from 'typebox';
import {
  choiceField,
  CreatedAt,
  field,
  named,
  nullable,
  pageFields,
  pageOf,
  UpdatedAt,
  Uuid,
  Version,
  WorkspaceId,
} from '../fields.ts';
import { group } from '../route.ts';
import { definitionBytesMax } from './control-m.ts';
import { sharingTag } from './sharing.ts';
import { SyncedDocument } from './workspace-sync.ts';
import { syncedFields } from './workspace-syncs.ts';

/** The conflicts of copies with their shared workspaces. */

const summary = {
  id: field(Uuid, 'The conflict.', '3c4d5e6f-7a8b-4c9d-8e1f-2a3b4c5d6e7f'),
  ...syncedFields,
  pointers: Type.Array(Type.String({ examples: ['/Load/Command'] }), {
    description: 'The properties of a Control-M folder that both changed differently, as JSON Pointers; empty for a script.',
  }),
  ownVersion: nullable(Version, 'The version in the copy.'),
  sharedVersion: nullable(Version, 'The version in the shared workspace; null where it is deleted there.'),
  resolution: nullable(
    Type.Enum(['mine', 'theirs', 'merged', 'withdrawn'], { examples: ['mine'] }),
    'What it was resolved to; null while it is open. `withdrawn`: the sides no longer differ so, or its synchronisation was undone.',
  ),
  createdAt: CreatedAt,
  updatedAt: UpdatedAt,
};

const SyncConflictSummary = named(
  'SyncConflictSummary',
  'A document that was changed differently in a copy and in the shared workspace.',
  summary,
);
const whole = (description: string) => nullable(SyncedDocument, `${description}; null: deleted, or not there.`);
const SyncConflict = named('SyncConflict', 'A conflict with its three texts.', {
  ...summary,
  base: whole('The document as both last had it'),
  mine: whole('The document in the copy'),
  theirs: whole('The document in the shared workspace'),
});

const params = { workspaceId: WorkspaceId };
const conflictParams = { ...params, conflictId: field(Uuid, 'The conflict.', '3c4d5e6f-7a8b-4c9d-8e1f-2a3b4c5d6e7f') };
const subject = { type: 'sync-conflict', parameter: 'conflictId' } as const;

/** The operations of this machine's user. */
export const syncConflictRoutes = group(sharingTag, {
  listSyncConflicts: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId/conflicts',
    summary: 'The conflicts of a copy with its shared workspace, newest first, without their texts.',
    action: 'sync-conflict.list',
    subject: { type: 'workspace', parameter: 'workspaceId' },
    params,
    query: { ...pageFields, state: choiceField(['open', 'closed'], 'Those that wait, or those that are resolved or withdrawn.') },
    responses: { 200: pageOf('SyncConflictSummary', SyncConflictSummary) },
    errors: ['NOT_FOUND'],
  },
  getSyncConflict: {
    method: 'GET',
    path: '/v1/workspaces/:workspaceId/conflicts/:conflictId',
    summary: 'A conflict with its three texts: the base, the one of the copy and the one of the shared workspace.',
    action: 'sync-conflict.read',
    subject,
    params: conflictParams,
    responses: { 200: SyncConflict },
    errors: ['NOT_FOUND'],
  },
  resolveSyncConflict: {
    method: 'POST',
    path: '/v1/workspaces/:workspaceId/conflicts/:conflictId/resolve',
    summary:
      'Resolve a conflict in the copy: by its own text, by that of the shared workspace or by a merged one. The next synchronisation pushes it. The same choice again changes nothing.',
    action: 'sync-conflict.resolve',
    subject,
    params: conflictParams,
    body: {
      take: Type.Enum(['mine', 'theirs', 'merged'], { description: 'The text to take.', examples: ['mine'] }),
      document: Type.Optional(field(SyncedDocument, 'The merged document, with `merged` alone.')),
    },
    responses: { 200: SyncConflict },
    example: { body: { take: 'mine' } },
    errors: ['NOT_FOUND', 'CONFLICT'],
    /** Room for the longest definition, every character of it escaped. */
    bodyBytesMax: 6 * definitionBytesMax + 65_536,
  },
});
