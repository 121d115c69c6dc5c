import { internalRoutes } from '@guildhall/contracts';
import { answerOf, type InternalClient } from '@guildhall/http';
import type { Admitted } from '../core/admission/admit.ts';
import type { WorkspaceExporter } from '../core/sharing/clone-workspace.ts';
import { createCallsAsUser } from './calls-as-user.ts';
import type { CallerSigner } from './proxy/caller-signer.ts';
import type { ProxiedRequest } from './proxy/proxy-request.ts';

/** Makes the exporter for the user of a request. Throws UNAUTHENTICATED if nobody is signed in. */
export type CreateExporter = (request: ProxiedRequest, admitted: Admitted) => WorkspaceExporter;

const WorkspaceAnswer = answerOf(internalRoutes.findCopiedWorkspace.responses[200]);
const RowsAnswer = answerOf(internalRoutes.listWorkspaceRows.responses[200]);

/** Calls the operations of team-resources by which a shared workspace is copied, as the user of the request. */
export const createExporterOf =
  (teamResources: InternalClient, signer: CallerSigner): CreateExporter =>
  (request, admitted) => {
    const { userId, callOf } = createCallsAsUser(signer, request, admitted);
    return {
      userId,
      findWorkspace: async (workspaceId) =>
        teamResources.call({ ...(await callOf(internalRoutes.findCopiedWorkspace, workspaceId)), answer: WorkspaceAnswer }),
      async listRows(workspaceId, kind, after) {
        const query = after === null ? { kind } : { kind, after };
        return teamResources.call({
          ...(await callOf(internalRoutes.listWorkspaceRows, workspaceId, query)),
          answer: RowsAnswer,
        });
      },
    };
  };
