import { Type, type Static } from 'typebox';
import { choiceField, CommunityId, field, named, WorkspaceId } from '../fields.ts';
import { group } from '../route.ts';

const Count = Type.Integer({ minimum: 0, description: 'How many, with the deleted ones.', examples: [12] });

const WorkspaceShare = named(
  'WorkspaceShare',
  'A workspace that is on this machine and in a community: how far it has moved, or what of it was copied.',
  {
    isDryRun: Type.Boolean({ description: 'Whether nothing was moved.', examples: [true] }),
    state: Type.Enum(['solo', 'interrupted', 'shared'], {
      description:
        '`solo`: nothing of it is in the shared database. `interrupted`: a part of it, which nobody sees; sharing it again goes on. `shared`: all of it.',
      examples: ['solo'],
    }),
    communityId: field(CommunityId, 'The community that gets it.'),
    scripts: field(Count, 'Scripts, with the deleted ones.'),
    scriptVersions: field(Count, 'Saved versions of scripts.'),
    controlMFolders: field(Count, 'Control-M folders, with the deleted ones.'),
    controlMFolderVersions: field(Count, 'Saved versions of Control-M folders.'),
    controlMDocuments: field(Count, 'Imported Control-M documents, with the deleted ones.'),
    controlMDocumentVersions: field(Count, 'Saved versions of Control-M documents.'),
    sizeBytes: Type.Integer({ minimum: 0, description: 'The length of all their texts in UTF-8, in bytes.', examples: [48_213] }),
  },
);
export type WorkspaceShare = Static<typeof WorkspaceShare>;

export const sharingTag = { name: 'sharing', description: 'The way of solo workspaces into a community, and of copies back.' };

const params = { workspaceId: WorkspaceId };
const subject = { type: 'workspace', parameter: 'workspaceId' } as const;
const errors = ['NOT_FOUND', 'CONFLICT', 'NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE', 'SERVICE_UNAVAILABLE'] as const;

export const sharingRoutes = group(sharingTag, {
  shareWorkspace: {
    method: 'POST',
    path: '/v1/workspaces/:workspaceId/share',
    summary:
      'Move a solo workspace into a community, with ids, versions, history and tombstones. What was interrupted is completed by sharing it again; a shared one stays here as a copy.',
    action: 'workspace.share',
    subject,
    params,
    query: { dryRun: choiceField(['false', 'true'], 'Whether only what would happen is answered, and nothing is moved.') },
    body: {
      communityId: field(CommunityId, 'The community that gets it: the caller may create workspaces, scripts and folders there.'),
    },
    responses: { 200: WorkspaceShare },
    errors,
  },
  cloneWorkspace: {
    method: 'POST',
    path: '/v1/workspaces/:workspaceId/clone',
    summary: 'Copy a shared workspace into the solo file, with ids, versions, history and tombstones, to work on it offline.',
    action: 'workspace.clone',
    subject,
    params,
    responses: { 200: WorkspaceShare },
    errors,
  },
});
