import { controlMJobRoutes as routes } from '@guildhall/contracts';
import { requireFound } from '@guildhall/resources';
import { endpoint, type Endpoint } from '../endpoint.ts';
import type { WorkspaceParts } from '../parts.ts';
import { allScripts } from './find-jobs.ts';

/** All of Control-M in a workspace. Throws NOT_FOUND, UNPROCESSABLE. */
const readAll = ({ store }: WorkspaceParts, userId: string, workspaceId: string) =>
  requireFound('workspace', store.controlM.readAll(userId, workspaceId));

const listJobs = (parts: WorkspaceParts) =>
  endpoint(routes.listControlMJobs, async ({ caller: { userId }, params, query }) => {
    const stored = await readAll(parts, userId, params.workspaceId);
    return { body: await parts.analyse(userId, 'jobs', stored, query) };
  });

const listLinks = (parts: WorkspaceParts) =>
  endpoint(routes.listControlMLinks, async ({ caller: { userId }, params: { workspaceId }, query }) => {
    const stored = await readAll(parts, userId, workspaceId);
    const scripts = await allScripts(parts.store, userId, workspaceId);
    return { body: await parts.analyse(userId, 'links', stored, { scripts, query }) };
  });

const getGraph = (parts: WorkspaceParts) =>
  endpoint(routes.getControlMGraph, async ({ caller: { userId }, params, query }) => {
    const stored = await readAll(parts, userId, params.workspaceId);
    return { jsonText: await parts.analyse(userId, 'graph', stored, query) };
  });

const drawGraph = (parts: WorkspaceParts) =>
  endpoint(routes.drawControlMGraph, async ({ caller: { userId }, params, query }) => {
    const stored = await readAll(parts, userId, params.workspaceId);
    return { body: await parts.analyse(userId, 'svg', stored, query) };
  });

const getMermaid = (parts: WorkspaceParts) =>
  endpoint(routes.getControlMMermaid, async ({ caller: { userId }, params, query }) => {
    const stored = await readAll(parts, userId, params.workspaceId);
    return { jsonText: await parts.analyse(userId, 'mermaid', stored, query) };
  });

const compare = (parts: WorkspaceParts) =>
  endpoint(routes.compareControlMFolder, async ({ caller: { userId }, params: { workspaceId, folderId }, query }) => {
    const stored = await readAll(parts, userId, workspaceId);
    return { body: await parts.analyse(userId, 'compare', stored, { folderId, ...query }) };
  });

/** Jobs, links to scripts, graphs and differences: the same for solo and shared workspaces. */
export const controlMJobEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [
  listJobs(parts),
  listLinks(parts),
  getGraph(parts),
  drawGraph(parts),
  getMermaid(parts),
  compare(parts),
];
