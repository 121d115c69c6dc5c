import type { RouteContract } from '@guildhall/contracts';
import { auditEvent, type Deed, type Request } from './audit.ts';
import { changesOf, edited } from './changes.ts';
import type { WorkspaceCall } from './endpoint.ts';
import { cursorOf, pageRequest, readPosition, toPage, type Page, type PageQuery } from './pages.ts';
import { admit, createOnce, untilSettled, writeOf, type WorkspaceParts } from './parts.ts';
import { mustBeCurrent, notFound } from './refusals.ts';
import type { DocumentStore, Position, Seen } from './workspace-store.ts';

/** What every document has, whatever it says. */
export type DocumentHead = Readonly<
  Record<'id' | 'workspaceId' | 'createdBy' | 'createdAt' | 'updatedAt', string> & Record<'version', number>
>;
/** What a document says: all that its writers can change. */
export type DocumentFields = Readonly<Record<string, unknown>> & { readonly name: string };

/** A kind of document: what lies in a workspace under a name and is edited version by version. */
export interface DocumentKind<F extends DocumentFields, S extends Position> {
  /** As it is called in refusals. */
  readonly noun: 'script' | 'folder';
  /** The start of its permissions. */
  readonly area: 'script' | 'control-m';
  /** Its type in events, and the start of its actions. */
  readonly resource: 'script' | 'control-m-folder';
  readonly store: DocumentStore<DocumentHead & F, S>;
}

interface InWorkspace extends Request {
  readonly params: { readonly workspaceId: string };
}

export const listDocuments = async <F extends DocumentFields, S extends Position>(
  { store }: DocumentKind<F, S>,
  { caller, params, query }: InWorkspace & { readonly query: PageQuery },
): Promise<Page<S>> => {
  const rows = await store.list(caller.userId, params.workspaceId, pageRequest(query, readPosition));
  if (rows === undefined) throw notFound('workspace');
  return toPage(rows, query, cursorOf);
};

export const findDocument = async <F extends DocumentFields, S extends Position>(
  { noun, store }: DocumentKind<F, S>,
  { caller, params }: InWorkspace,
  id: string,
): Promise<Seen<DocumentHead & F>> => {
  const seen = await store.find(caller.userId, params.workspaceId, id);
  if (seen === undefined) throw notFound(noun);
  return seen;
};

type CreateCall = InWorkspace & Pick<WorkspaceCall<RouteContract>, 'idempotencyKey'>;

export const createDocument = async <F extends DocumentFields, S extends Position>(
  parts: WorkspaceParts,
  kind: DocumentKind<F, S>,
  call: CreateCall,
  fields: F,
): Promise<DocumentHead & F> => {
  const { area, resource, store } = kind;
  const { userId } = call.caller;
  const { workspaceId } = call.params;
  const id = parts.newId();
  const deedIn = ({ communityId }: { readonly communityId: string | null }): Deed => ({
    action: `${resource}.create`,
    resource: { type: resource, id, name: fields.name },
    communityId,
    changes: changesOf(null, fields, parts.sha256),
  });
  return await createOnce<DocumentHead & F>(parts, {
    request: call,
    idempotencyKey: call.idempotencyKey,
    fingerprint: [`${resource}.create`, workspaceId, fields],
    findPlace: async () => {
      const place = await store.findPlace(userId, workspaceId, call.idempotencyKey);
      if (place === undefined) throw notFound('workspace');
      return place;
    },
    make: async (place) => {
      await admit(parts, call, place.role, `${area}:create`, deedIn(place));
      const at = parts.now().toISOString();
      return { id, workspaceId, ...fields, createdBy: userId, version: 1, createdAt: at, updatedAt: at };
    },
    insert: (made, place, remembered) =>
      store.insert(made, writeOf(call, `${area}:create`, auditEvent(parts, call, 'success', deedIn(place))), remembered),
  });
};

interface Step<F> {
  readonly id: string;
  readonly verb: 'update' | 'delete';
  readonly edit: Partial<F>;
  readonly ifMatch: number;
}

/** One change of one document. Undefined when someone got ahead between looking and storing. */
const change = async <F extends DocumentFields, S extends Position>(
  parts: WorkspaceParts,
  kind: DocumentKind<F, S>,
  call: InWorkspace,
  { id, verb, edit, ifMatch }: Step<F>,
): Promise<(DocumentHead & F) | undefined> => {
  const { area, resource, store } = kind;
  const { item, communityId, role } = await findDocument(kind, call, id);
  const changes = changesOf(item, edit, parts.sha256);
  const deed = { action: `${resource}.${verb}`, resource: { type: resource, id, name: item.name }, communityId, changes };
  await admit(parts, call, role, `${area}:${verb}`, deed);
  mustBeCurrent(item.version, ifMatch);
  if (changes.length === 0 && verb === 'update') return item;
  const next = edited(item, edit, parts.now().toISOString());
  const write = writeOf(call, `${area}:${verb}`, auditEvent(parts, call, 'success', deed));
  const isStored = await (verb === 'delete' ? store.delete(next, write) : store.save(next, write));
  return isStored ? next : undefined;
};

type ChangeCall = InWorkspace & Pick<WorkspaceCall<RouteContract>, 'ifMatch'>;

export const updateDocument = <F extends DocumentFields, S extends Position>(
  parts: WorkspaceParts,
  kind: DocumentKind<F, S>,
  call: ChangeCall,
  id: string,
  edit: Partial<F>,
): Promise<DocumentHead & F> =>
  untilSettled(() => change(parts, kind, call, { id, verb: 'update', edit, ifMatch: call.ifMatch }));

export const deleteDocument = async <F extends DocumentFields, S extends Position>(
  parts: WorkspaceParts,
  kind: DocumentKind<F, S>,
  call: ChangeCall,
  id: string,
): Promise<void> => {
  await untilSettled(() => change(parts, kind, call, { id, verb: 'delete', edit: {}, ifMatch: call.ifMatch }));
};
