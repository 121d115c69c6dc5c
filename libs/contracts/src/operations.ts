import type { TObject, TProperties } from 'typebox';
import { CommunityId, WorkspaceId } from './fields.ts';
import type { AuditSubject } from './route.ts';

/** The collection that a resource is listed in and created in, as paths and audit events name it. */
interface Parent<Params extends TProperties> {
  readonly subject: AuditSubject;
  readonly params: Params;
}

/** The parent of what lies in a community. */
export const ofCommunity = {
  subject: { type: 'community', parameter: 'communityId' },
  params: { communityId: CommunityId },
} as const;

/** The parent of what lies in a workspace. */
export const ofWorkspace = {
  subject: { type: 'workspace', parameter: 'workspaceId' },
  params: { workspaceId: WorkspaceId },
} as const;

/** The parent of a resource that lies in no other: the collection of all. */
export const ofAll = <const Type extends string>(type: Type) => ({ subject: { type, id: 'all' }, params: {} }) as const;

/**
 * The parts that are the same for the operations of every versioned resource: method, path, audit action, subject, parameters and
 * answers. A contract spreads them, and states its own: summary, permission, query, body, errors, example.
 */
export const operationsOf = <
  const Type extends string,
  const Path extends `/v1/${string}`,
  const ParentParams extends TProperties,
  const Id extends TProperties,
  const Schema extends TObject,
>({
  type,
  path,
  parent,
  id,
  schema,
}: {
  /** In audit events. */
  readonly type: Type;
  readonly path: Path;
  readonly parent: Parent<ParentParams>;
  /** The parameter of the path that holds its id: one field. */
  readonly id: Id;
  readonly schema: Schema;
}) => {
  const [parameter] = Object.keys(id) as [keyof Id & string];
  const pathOfOne = `${path}/:${parameter}` as const;
  const params = { ...parent.params, ...id };
  const subject = { type, parameter } as const;
  const one = { subject, params, path: pathOfOne } as const;
  const answer = { responses: { 200: schema }, answersVersion: true } as const;
  return {
    path,
    pathOfOne,
    params,
    subject,
    list: { method: 'GET', path, action: `${type}.list`, subject: parent.subject, params: parent.params },
    create: {
      method: 'POST',
      path,
      action: `${type}.create`,
      subject: { type, id: 'new' },
      params: parent.params,
      responses: { 201: schema },
      location: `${path}/:id`,
      answersVersion: true,
      isIdempotentCreate: true,
    },
    get: { ...one, method: 'GET', action: `${type}.read`, ...answer },
    update: { ...one, method: 'PATCH', action: `${type}.update`, ...answer, isVersioned: true },
    delete: { ...one, method: 'DELETE', action: `${type}.delete`, responses: { 204: null }, isVersioned: true },
    restore: { ...one, method: 'POST', path: `${pathOfOne}/restore`, action: `${type}.restore`, ...answer },
  } as const;
};
