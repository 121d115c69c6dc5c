import { controlMNamingRuleRoutes as routes, type ControlMNamingRule } from '@guildhall/contracts';
import {
  changesOf,
  createContext,
  nextVersion,
  omitUndefined,
  requireFound,
  requireRole,
  requireVersion,
  retryCompareAndSwap,
  type RequestContext,
  type VersionCondition,
} from '@guildhall/resources';
import { endpoint, type Endpoint } from '../endpoint.ts';
import { writeOf, type WorkspaceParts } from '../parts.ts';

/** Rules with their members in one order, whatever store they come from. */
export const inOrder = (rules: readonly ControlMNamingRule[]): ControlMNamingRule[] =>
  rules.map(({ appliesTo, forms, message }) => ({ appliesTo, forms, ...omitUndefined({ message }) }));

const get = ({ store }: WorkspaceParts) =>
  endpoint(routes.getControlMNamingRules, async ({ caller, params }) => {
    const { rules, workspace } = await requireFound(
      'workspace',
      store.controlM.findNamingRules(caller.userId, params.workspaceId),
    );
    return { body: { rules: [...rules] }, version: workspace.version };
  });

export interface RulesChange {
  readonly workspaceId: string;
  readonly rules: readonly ControlMNamingRule[];
  readonly ifMatch: VersionCondition;
}

/** One attempt to replace the rules; the version of the workspace. Undefined when a concurrent change won. */
const tryUpdate = async (
  { store }: WorkspaceParts,
  context: RequestContext,
  { workspaceId, rules, ifMatch }: RulesChange,
): Promise<number | undefined> => {
  const found = await requireFound('workspace', store.controlM.findNamingRules(context.caller.userId, workspaceId));
  const { workspace, role } = found;
  const changes = changesOf({ namingRules: found.rules }, { namingRules: rules }, context.sha256);
  const resource = { type: 'workspace', id: workspace.id, name: workspace.name };
  const draft = { action: 'workspace.update-naming-rules', resource, communityId: workspace.communityId, changes };
  await requireRole(context, role, 'workspace:update', draft);
  requireVersion(workspace.version, ifMatch);
  if (changes.length === 0) return workspace.version;
  const next = nextVersion(workspace, {}, context.at);
  const isSaved = await store.controlM.saveNamingRules(next, rules, writeOf(context, 'workspace:update', draft));
  return isSaved ? next.version : undefined;
};

/** Replaces the rules; the version of the workspace. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const updateNamingRules = (parts: WorkspaceParts, context: RequestContext, change: RulesChange): Promise<number> =>
  retryCompareAndSwap(() => tryUpdate(parts, context, change));

const update = (parts: WorkspaceParts) =>
  endpoint(routes.updateControlMNamingRules, async (call) => {
    const change = { ...call.params, rules: call.body.rules, ifMatch: call.ifMatch };
    const version = await updateNamingRules(parts, createContext(parts, call), change);
    return { body: call.body, version };
  });

/** The naming rules of a workspace: the same for solo and shared ones. */
export const namingRuleEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [get(parts), update(parts)];
