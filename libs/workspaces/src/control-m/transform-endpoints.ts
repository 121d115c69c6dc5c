import { controlMTransformRoutes as routes, type LineDiff } from '@guildhall/contracts';
import { requireFound } from '@guildhall/resources';
import { endpoint, type Endpoint } from '../endpoint.ts';
import type { WorkspaceParts } from '../parts.ts';
import type { SentDocument } from './plan-import.ts';

interface Changed extends SentDocument {
  readonly diff: LineDiff;
}

const transform = ({ store, analyse, compareTexts }: WorkspaceParts) =>
  endpoint(routes.transformControlM, async ({ caller: { userId }, params, body }) => {
    const stored = await requireFound('workspace', store.controlM.readAll(userId, params.workspaceId));
    const { changed, rules, ...rest } = await analyse(userId, 'transform', stored, body);
    const documents: Changed[] = [];
    for (const { name, before, text } of changed) {
      documents.push({ name, text, diff: await compareTexts(userId, before, text) });
    }
    const unmatchedRules = rules.filter((rule) => rule.matches === 0).map((rule) => rule.number);
    return { body: { documents, rules, unmatchedRules, ...rest } };
  });

/** Deploy descriptors, applied: the same for solo and shared workspaces. */
export const transformEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [transform(parts)];
