import { internalRoutes } from '@guildhall/contracts';
import { answerOf, type InternalClient } from '@guildhall/http';
import { Type } from 'typebox';
import type { Admitted } from '../core/admission/admit.ts';
import type { WorkspaceImporter } from '../core/sharing/share-workspace.ts';
import { createCallsAsUser } from './calls-as-user.ts';
import type { CallerSigner } from './proxy/caller-signer.ts';
import type { ProxiedRequest } from './proxy/proxy-request.ts';

/** Makes the importer for the user of a request. Throws UNAUTHENTICATED if nobody is signed in. */
export type CreateImporter = (request: ProxiedRequest, admitted: Admitted) => WorkspaceImporter;

const StateAnswer = answerOf(internalRoutes.findWorkspaceImport.responses[200]);
const NoAnswer = answerOf(Type.Null());

/** Calls the operations of team-resources by which a workspace moves into a community, as the user of the request. */
export const createImporterOf =
  (teamResources: InternalClient, signer: CallerSigner): CreateImporter =>
  (request, admitted) => {
    const { userId, callOf } = createCallsAsUser(signer, request, admitted);
    return {
      userId,
      async find(workspaceId, communityId) {
        const call = await callOf(internalRoutes.findWorkspaceImport, workspaceId, { communityId });
        return (await teamResources.call({ ...call, answer: StateAnswer })).state;
      },
      async begin(workspaceId, communityId, workspace) {
        const call = await callOf(internalRoutes.beginWorkspaceImport, workspaceId);
        return (await teamResources.call({ ...call, body: { communityId, workspace }, answer: StateAnswer })).state;
      },
      async send(workspaceId, rows) {
        await teamResources.call({
          ...(await callOf(internalRoutes.importWorkspaceRows, workspaceId)),
          body: rows,
          answer: NoAnswer,
        });
      },
      async complete(workspaceId, { counts, sha256 }) {
        const call = await callOf(internalRoutes.completeWorkspaceImport, workspaceId);
        await teamResources.call({ ...call, body: { counts, sha256 }, answer: NoAnswer });
      },
    };
  };
