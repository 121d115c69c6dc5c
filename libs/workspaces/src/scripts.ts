import { workspaceRoutes, type CommunityPermission, type Script } from '@guildhall/contracts';
import { encodeCursor } from '@guildhall/http';
import { auditEvent, type Deed } from './audit.ts';
import { changesOf, edited, type ScriptEdit } from './changes.ts';
import { endpoint, versioned, type Endpoint, type WorkspaceCall } from './endpoint.ts';
import { cursorOf, pageRequest, readPosition, readVersionCursor, toPage } from './pages.ts';
import { admit, createOnce, untilSettled, writeOf, type WorkspaceParts } from './parts.ts';
import { mustBeCurrent, notFound } from './refusals.ts';
import type { Place, Seen } from './workspace-store.ts';

const routes = workspaceRoutes;

/** A character takes at most 12 bytes in JSON: a surrogate pair, each half escaped. */
const jsonBytesPerCharacterMax = 12;
const otherFieldsBytesMax = 65_536;
/** A request that saves a script may hold the longest text in the longest way to write it. */
const scriptBodyBytesMax = workspaceRoutes.scriptContentCharactersMax * jsonBytesPerCharacterMax + otherFieldsBytesMax;

type ScriptCall = Pick<WorkspaceCall<typeof routes.getScript>, 'params' | 'caller' | 'requestId'>;

const find = async ({ store }: WorkspaceParts, { caller, params }: ScriptCall): Promise<Seen<Script>> => {
  const seen = await store.findScript(caller.userId, params.workspaceId, params.scriptId);
  if (seen === undefined) throw notFound('script');
  return seen;
};

const list = ({ store }: WorkspaceParts) =>
  endpoint(routes.listScripts, async ({ caller, params, query }) => {
    const rows = await store.listScripts(caller.userId, params.workspaceId, pageRequest(query, readPosition));
    if (rows === undefined) throw notFound('workspace');
    return { body: toPage(rows, query, cursorOf) };
  });

const newScript = (
  { now }: WorkspaceParts,
  { body, caller, params }: WorkspaceCall<typeof routes.createScript>,
  id: string,
): Script => {
  const at = now().toISOString();
  const { name, language, content } = body;
  const fields = { id, workspaceId: params.workspaceId, name, language, content };
  return { ...fields, createdBy: caller.userId, version: 1, createdAt: at, updatedAt: at };
};

const create = (parts: WorkspaceParts) =>
  endpoint(
    routes.createScript,
    async (call) => {
      const { body, caller, idempotencyKey, params } = call;
      const id = parts.newId();
      const deedIn = ({ communityId }: Place): Deed => ({
        action: 'script.create',
        resource: { type: 'script', id, name: body.name },
        communityId,
        changes: changesOf(null, body, parts.sha256),
      });
      const script = await createOnce<Script>(parts, {
        request: call,
        idempotencyKey,
        fingerprint: ['script.create', params.workspaceId, body],
        findPlace: async () => {
          const place = await parts.store.findScriptPlace(caller.userId, params.workspaceId, idempotencyKey);
          if (place === undefined) throw notFound('workspace');
          return place;
        },
        make: async (place) => {
          await admit(parts, call, place.role, 'script:create', deedIn(place));
          return newScript(parts, call, id);
        },
        insert: (made, place, remembered) => {
          const event = auditEvent(parts, call, 'success', deedIn(place));
          return parts.store.insertScript(made, writeOf(call, 'script:create', event), remembered);
        },
      });
      return versioned(script);
    },
    scriptBodyBytesMax,
  );

interface Step {
  readonly action: 'script.update' | 'script.delete';
  readonly permission: CommunityPermission;
  readonly edit: ScriptEdit;
  readonly ifMatch: number;
}

/** One change of one script. Undefined when someone got ahead between looking and storing. */
const change = async (parts: WorkspaceParts, call: ScriptCall, step: Step): Promise<Script | undefined> => {
  const { item, communityId, role } = await find(parts, call);
  const changes = changesOf(item, step.edit, parts.sha256);
  const deed = { action: step.action, resource: { type: 'script', id: item.id, name: item.name }, communityId, changes };
  await admit(parts, call, role, step.permission, deed);
  mustBeCurrent(item.version, step.ifMatch);
  const isDelete = step.action === 'script.delete';
  if (changes.length === 0 && !isDelete) return item;
  const next = edited(item, step.edit, parts.now().toISOString());
  const write = writeOf(call, step.permission, auditEvent(parts, call, 'success', deed));
  const isStored = await (isDelete ? parts.store.deleteScript(next, write) : parts.store.saveScript(next, write));
  return isStored ? next : undefined;
};

const update = (parts: WorkspaceParts) =>
  endpoint(
    routes.updateScript,
    async (call) => {
      const step = { action: 'script.update', permission: 'script:update', edit: call.body, ifMatch: call.ifMatch } as const;
      return versioned(await untilSettled(() => change(parts, call, step)));
    },
    scriptBodyBytesMax,
  );

const remove = (parts: WorkspaceParts) =>
  endpoint(routes.deleteScript, async (call) => {
    const step = { action: 'script.delete', permission: 'script:delete', edit: {}, ifMatch: call.ifMatch } as const;
    await untilSettled(() => change(parts, call, step));
    return {};
  });

const listVersions = ({ store }: WorkspaceParts) =>
  endpoint(routes.listScriptVersions, async ({ caller, params, query }) => {
    const page = pageRequest(query, readVersionCursor);
    const rows = await store.listScriptVersions(caller.userId, params.workspaceId, params.scriptId, page);
    if (rows === undefined) throw notFound('script');
    return { body: toPage(rows, query, ({ version }) => encodeCursor([version])) };
  });

const getVersion = ({ store }: WorkspaceParts) =>
  endpoint(routes.getScriptVersion, async ({ caller, params }) => {
    const { workspaceId, scriptId, version } = params;
    const body = await store.findScriptVersion(caller.userId, workspaceId, scriptId, version);
    if (body === undefined) throw notFound('version');
    return { body };
  });

const get = (parts: WorkspaceParts) => endpoint(routes.getScript, async (call) => versioned((await find(parts, call)).item));

/** Scripts and their versions: the same for solo and shared workspaces. */
export const scriptEndpoints = (parts: WorkspaceParts): readonly Endpoint[] => [
  list(parts),
  create(parts),
  get(parts),
  update(parts),
  remove(parts),
  listVersions(parts),
  getVersion(parts),
];
