import { workspaceArchiveRoutes as routes } from '@guildhall/contracts';
import { createContext } from '@guildhall/resources';
import { endpoint, type Endpoint } from '../endpoint.ts';
import { fileNameOf } from '../file-name.ts';
import type { WorkspaceParts } from '../parts.ts';
import { exportWorkspace } from './export-workspace.ts';
import { importWorkspace } from './import-workspace.ts';

const exportIt = (parts: WorkspaceParts) =>
  endpoint(routes.exportWorkspace, async (call) => {
    const { name, archive } = await exportWorkspace(parts, createContext(parts, call), {
      workspaceId: call.params.workspaceId,
      hasHistory: call.query.history === 'true',
    });
    return { body: archive, fileName: `${fileNameOf(name, 'workspace')}.tar` };
  });

const importIt = (parts: WorkspaceParts): Endpoint => {
  const inner = endpoint(routes.importWorkspace, async (call) => {
    const archive = Buffer.from(call.body.archive, 'base64');
    const request = { workspaceId: call.params.workspaceId, archive, isDryRun: call.query.dryRun === 'true' };
    return { body: await importWorkspace(parts, createContext(parts, call), request) };
  });
  return {
    contract: inner.contract,
    register: (app, options) =>
      void app.register(async (scope) => {
        const mediaTypes = ['application/x-tar', 'application/gzip'];
        scope.addContentTypeParser<Buffer>(mediaTypes, { parseAs: 'buffer' }, async (_request: unknown, bytes: Buffer) => ({
          archive: bytes.toString('base64'),
        }));
        inner.register(scope, options);
      }),
  };
};

/** A whole workspace as one archive, out and in: the same for solo and shared workspaces. */
export const archiveEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [exportIt(parts), importIt(parts)];
