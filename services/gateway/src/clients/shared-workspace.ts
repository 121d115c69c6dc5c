import { createHash } from 'node:crypto';
import {
  controlMRoutes,
  documentKinds,
  controlMStoredDocumentRoutes,
  internalRoutes,
  scriptRoutes,
  type CopiedWorkspace,
  type SyncedDocumentKind,
  type SyncedKind,
} from '@guildhall/contracts';
import { isAppError } from '@guildhall/errors';
import { answerOf, type InternalClient } from '@guildhall/http';
import { stateOf, stateOfDocument, type DocumentId, type SharedHead, type SharedWorkspace } from '@guildhall/workspaces';
import type { Admitted } from '../core/admission/admit.ts';
import { createCallsAsUser } from './calls-as-user.ts';
import type { CallerSigner } from './proxy/caller-signer.ts';
import type { ProxiedRequest } from './proxy/proxy-request.ts';

/** Makes the shared side of a synchronisation for the user of a request. Throws UNAUTHENTICATED if nobody is signed in. */
export type CreateSharedWorkspace = (request: ProxiedRequest, admitted: Admitted) => SharedWorkspace;

const WorkspaceAnswer = answerOf(internalRoutes.findCopiedWorkspace.responses[200]);
const FoundAnswer = answerOf(internalRoutes.findSharedDocument.responses[200]);
const ExchangedAnswer = answerOf(internalRoutes.pushExchangedFolders.responses[200]);
const PushedAnswer = answerOf(internalRoutes.pushDocument.responses[200]);
const ScriptsAnswer = answerOf(scriptRoutes.listScripts.responses[200]);
const FoldersAnswer = answerOf(controlMRoutes.listControlMFolders.responses[200]);
const DocumentsAnswer = answerOf(controlMStoredDocumentRoutes.listControlMDocuments.responses[200]);

type CallOf = ReturnType<typeof createCallsAsUser>['callOf'];

interface HeadPage {
  readonly items: readonly SharedHead[];
  readonly nextCursor: string | null;
}

const queryOf = (cursor: string | null): Record<string, string> => ({ limit: '100', ...(cursor === null ? {} : { cursor }) });

/** The fields of a script that Control-M folders and documents have not. */
const noScript = { language: null, description: null, tags: null };

/** The lists of a workspace, a page at a time. */
const pagesOf = (client: InternalClient, callOf: CallOf) => {
  return {
    script: async (workspaceId: string, cursor: string | null): Promise<HeadPage> => {
      const call = await callOf(scriptRoutes.listScripts, workspaceId, queryOf(cursor));
      const { items, nextCursor } = await client.call({ ...call, answer: ScriptsAnswer });
      const heads = items.map((script) => ({
        id: script.id,
        kind: 'script' as const,
        name: script.name,
        side: { version: script.version, state: stateOf({ ...script, foldersSha256: null }) },
      }));
      return { items: heads, nextCursor };
    },
    'control-m-folder': async (workspaceId: string, cursor: string | null): Promise<HeadPage> => {
      const call = await callOf(controlMRoutes.listControlMFolders, workspaceId, queryOf(cursor));
      const { items, nextCursor } = await client.call({ ...call, answer: FoldersAnswer });
      const heads = items.map(({ id, name, version, sha256 }) => ({
        id,
        kind: 'control-m-folder' as const,
        name,
        side: { version, state: stateOf({ ...noScript, name, sha256, foldersSha256: null }) },
      }));
      return { items: heads, nextCursor };
    },
    'control-m-document': async (workspaceId: string, cursor: string | null): Promise<HeadPage> => {
      const call = await callOf(controlMStoredDocumentRoutes.listControlMDocuments, workspaceId, queryOf(cursor));
      const { items, nextCursor } = await client.call({ ...call, answer: DocumentsAnswer });
      const heads = items.map(({ id, name, version, sha256, foldersSha256 }) => ({
        id,
        kind: 'control-m-document' as const,
        name,
        side: { version, state: stateOf({ ...noScript, name, sha256, foldersSha256 }) },
      }));
      return { items: heads, nextCursor };
    },
  };
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const headOfWorkspace = ({ id, name, description, namingRules, version }: CopiedWorkspace): SharedHead => {
  const state = stateOfDocument({ kind: 'workspace', name, description, namingRules }, sha256);
  return { id, kind: 'workspace', name, side: { version, state } };
};

const listAll = async (read: (cursor: string | null) => Promise<HeadPage>): Promise<readonly SharedHead[]> => {
  const heads: SharedHead[] = [];
  let cursor: string | null = null;
  do {
    const page: HeadPage = await read(cursor);
    heads.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return heads;
};

/** Calls the operations of team-resources by which a copy is synchronised, as the user of the request. */
export const createSharedWorkspaceOf =
  (client: InternalClient, signer: CallerSigner): CreateSharedWorkspace =>
  (request, admitted) => {
    const { userId, callOf } = createCallsAsUser(signer, request, admitted);
    const pages = pagesOf(client, callOf);
    const requireWorkspace = async (workspaceId: string) =>
      await client.call({ ...(await callOf(internalRoutes.findCopiedWorkspace, workspaceId)), answer: WorkspaceAnswer });
    /** Undefined for a kind of document that the user may not read. Throws NOT_FOUND when it is the workspace that they may not see. */
    const listKind = async (workspaceId: string, kind: SyncedDocumentKind): Promise<readonly SharedHead[] | undefined> =>
      listAll((cursor) => pages[kind](workspaceId, cursor)).catch(async (error: unknown) => {
        if (!isAppError(error) || (error.code !== 'NOT_FOUND' && error.code !== 'FORBIDDEN')) throw error;
        await requireWorkspace(workspaceId);
        return undefined;
      });
    const callOn = async ({ workspaceId, id }: DocumentId, query?: Readonly<Record<string, string>>) => {
      const contract = query === undefined ? internalRoutes.pushDocument : internalRoutes.findSharedDocument;
      const call = await callOf(contract, workspaceId, query);
      return { ...call, path: call.path.replace(':documentId', id) };
    };
    return {
      userId,
      async listHeads(workspaceId) {
        const workspace = await requireWorkspace(workspaceId);
        const lists: (readonly [SyncedKind, readonly SharedHead[] | undefined])[] = [];
        for (const kind of documentKinds) lists.push([kind, await listKind(workspaceId, kind)]);
        // Its naming rules are for whoever may read Control-M.
        const isWhole = lists.every(([kind, heads]) => kind !== 'control-m-folder' || heads !== undefined);
        lists.push(['workspace', isWhole ? [headOfWorkspace(workspace)] : undefined]);
        return {
          documents: lists.flatMap(([, heads]) => heads ?? []),
          kinds: new Set(lists.flatMap(([kind, heads]) => (heads === undefined ? [] : [kind]))),
        };
      },
      find: async (path) => (await client.call({ ...(await callOn(path, { kind: path.kind })), answer: FoundAnswer })).found,
      push: async (path, push) => (await client.call({ ...(await callOn(path)), body: push, answer: PushedAnswer })).version,
      exchange: async (workspaceId, pushes) => {
        const body = { pushes: pushes.map(({ id: folderId, push }) => ({ folderId, push })) };
        const call = await callOf(internalRoutes.pushExchangedFolders, workspaceId);
        return (await client.call({ ...call, body, answer: ExchangedAnswer })).versions;
      },
    };
  };
