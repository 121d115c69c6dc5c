import { controlMDocumentRoutes as routes } from '@guildhall/contracts';
import { createContext, notFound, requireFound } from '@guildhall/resources';
import { endpoint, type Endpoint } from '../endpoint.ts';
import { fileNameOf } from '../file-name.ts';
import type { WorkspaceParts } from '../parts.ts';
import { withPlainText } from '../plain-text-body.ts';
import { importDocuments } from './import-documents.ts';

const importThem = (parts: WorkspaceParts) =>
  withPlainText(
    endpoint(routes.importControlM, async (call) => {
      const { params, query, body } = call;
      const isDryRun = query.dryRun === 'true';
      const request = { ...params, ...body, isDryRun, replaces: query.replace === 'true' };
      return { body: await importDocuments(parts, createContext(parts, call), request) };
    }),
    ({ text, note }, query) => ({ documents: [{ name: (query as { readonly name?: string }).name, text }], ...note }),
  );

const readAll = ({ store }: WorkspaceParts, userId: string, workspaceId: string) =>
  requireFound('workspace', store.controlM.readAll(userId, workspaceId));

const exportAll = (parts: WorkspaceParts) =>
  endpoint(routes.exportControlM, async ({ caller: { userId }, params, query }) => {
    const stored = await readAll(parts, userId, params.workspaceId);
    return { body: { documents: await parts.analyse(userId, 'export', stored, query.form ?? 'source') } };
  });

const exportOne = (parts: WorkspaceParts) =>
  endpoint(routes.exportControlMDocument, async ({ caller: { userId }, params, query }) => {
    const stored = await readAll(parts, userId, params.workspaceId);
    const documents = await parts.analyse(userId, 'export', stored, query.form ?? 'source');
    const found = documents.find(({ name }) => name === query.name);
    if (found === undefined) throw notFound('document');
    return { body: found.text, fileName: fileNameOf(found.name, 'control-m.json') };
  });

const check = (parts: WorkspaceParts) =>
  endpoint(routes.checkControlM, async ({ caller: { userId }, params }) => {
    const stored = await readAll(parts, userId, params.workspaceId);
    return { body: await parts.analyse(userId, 'check', stored, undefined) };
  });

/** Control-M documents: import, export and checks, the same for solo and shared workspaces. */
export const controlMDocumentEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [
  importThem(parts),
  exportAll(parts),
  exportOne(parts),
  check(parts),
];
