import type { HeldRole, Dispute, DisputeSort, WealthRequestStatus } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  auditDraftsOf,
  changesOf,
  createOnce,
  firstVersion,
  nextVersion,
  notFound,
  omitUndefined,
  pageRequest,
  requireAllowed,
  requireFound,
  requireRole,
  requireVersion,
  retryCompareAndSwap,
  toPage,
  type AuditDraft,
  type Page,
  type PageQuery,
  type PageRequest,
  type RememberedAnswer,
  type RequestContext,
  type VersionCondition,
} from '@guildhall/resources';
import type { CreateTarget } from './community-resource.ts';
import { writeOf, type AuditedWrite } from './community-write.ts';
import { sortedCursorOf, sortedCursorReader, type TimePosition } from './sorted-cursor.ts';
import type { WealthRequestPath } from './wealth-requests.ts';

export interface DisputeWithAccess {
  /** The caller's role in the community. */
  readonly role: HeldRole;
  /** Undefined when there is none, or the caller is no side of it and does not handle it. */
  readonly dispute: Dispute | undefined;
}

/** The accepted request on which a dispute is to be opened. */
export interface DisputeTarget extends CreateTarget {
  readonly displayName: string;
  /** Undefined when there is no such request, or the caller is none of its sides. */
  readonly request:
    | { readonly title: string; readonly status: WealthRequestStatus; readonly hasOpenDispute: boolean }
    | undefined;
}

/** The disputes that a list is asked for, in one of its orders. */
export interface DisputeFilter {
  readonly status?: Dispute['status'] | undefined;
  readonly sort: DisputeSort;
}

export interface DisputePath {
  readonly communityId: string;
  readonly disputeId: string;
}

/**
 * The disputes of communities. Reads are one statement; they return undefined when the user does not belong to the community.
 * Writes store row, event and key, or nothing; they return false, having changed nothing, when the request, the dispute or the
 * caller's right is not (any more) as the change needs it. A request has one open dispute at a time.
 */
export interface DisputeStore {
  list(
    userId: string,
    communityId: string,
    filter: DisputeFilter,
    page: PageRequest<TimePosition>,
  ): Promise<readonly Dispute[] | undefined>;
  find(userId: string, path: DisputePath): Promise<DisputeWithAccess | undefined>;
  findOpenTarget(userId: string, path: WealthRequestPath, key: string | undefined): Promise<DisputeTarget | undefined>;
  insert(dispute: Dispute, write: AuditedWrite, remembered: RememberedAnswer | null): Promise<boolean>;
  /** Ends an open dispute: a compare-and-swap on the version. Who handles disputes is looked at again. */
  end(next: Dispute, write: AuditedWrite): Promise<boolean>;
}

interface DisputeSubject {
  readonly id: string;
  readonly communityId: string;
  /** The title of the wealth, as far as the caller may know it. */
  readonly title: string | undefined;
}

const draftOf = auditDraftsOf('dispute', ({ title }: DisputeSubject) => title);

/** Throws NOT_FOUND. */
export const listDisputes = async (
  store: DisputeStore,
  { caller }: RequestContext,
  communityId: string,
  { status, sort = 'newest', ...query }: PageQuery & Partial<DisputeFilter>,
): Promise<Page<Dispute>> => {
  const page = pageRequest(query, sortedCursorReader(sort));
  const rows = await requireFound('community', store.list(caller.userId, communityId, { status, sort }, page));
  return toPage(rows, query, ({ createdAt: time, id }) => sortedCursorOf(sort, { time, id }));
};

/** Throws NOT_FOUND. */
export const findDispute = async (store: DisputeStore, { caller }: RequestContext, path: DisputePath): Promise<Dispute> => {
  const found = await requireFound('community', store.find(caller.userId, path));
  if (found.dispute === undefined) throw notFound('dispute');
  return found.dispute;
};

/** Throws NOT_FOUND for a request of others, CONFLICT for one that is not accepted or has an open dispute. */
const requireDisputable = ({ request }: DisputeTarget): void => {
  if (request === undefined) throw notFound('wealth request');
  if (request.status !== 'accepted') {
    throw new AppError('CONFLICT', `A dispute is about an accepted request; this one is ${request.status}.`);
  }
  if (request.hasOpenDispute) throw new AppError('CONFLICT', 'The request has an open dispute already.');
};

/** Opens a dispute, once per Idempotency-Key. Throws NOT_FOUND, FORBIDDEN, CONFLICT, UNPROCESSABLE. */
export const openDispute = (
  store: DisputeStore,
  context: RequestContext,
  { reason, ...path }: WealthRequestPath & { readonly reason: string },
): Promise<Dispute> => {
  const { caller, idempotencyKey } = context;
  const id = context.newId();
  const changes = changesOf(null, { requestId: path.requestId, reason }, context.sha256);
  const { communityId } = path;
  const draftFor = ({ request }: DisputeTarget) => draftOf('create', { id, communityId, title: request?.title }, changes);
  return createOnce<Dispute, DisputeTarget>(context, {
    fingerprint: ['dispute.create', path, reason],
    findTarget: () => requireFound('community', store.findOpenTarget(caller.userId, path, idempotencyKey)),
    allow: async (target) => {
      await requireRole(context, target.role, 'dispute:open', draftFor(target));
      if (target.earlier === null) requireDisputable(target);
    },
    make: ({ displayName, request }) => ({
      id,
      ...path,
      wealthTitle: request?.title ?? '',
      reason,
      status: 'open',
      resolution: null,
      resolvedBy: null,
      resolvedByName: null,
      mayResolve: false,
      createdByName: displayName,
      ...firstVersion(context),
    }),
    insert: (dispute, remembered, target) => store.insert(dispute, writeOf(context, draftFor(target)), remembered),
  });
};

export interface DisputeEnd extends DisputePath {
  readonly ifMatch: VersionCondition;
  readonly status: 'withdrawn' | 'resolved';
  readonly resolution?: string | undefined;
}

/** Throws FORBIDDEN unless the caller may end the dispute in this way. */
const requireEndable = async (
  context: RequestContext,
  { createdBy, mayResolve }: Dispute,
  status: DisputeEnd['status'],
  draft: AuditDraft,
): Promise<void> => {
  if (status === 'withdrawn') {
    await requireAllowed(context, createdBy === context.caller.userId, draft, 'Who opened a dispute withdraws it.');
  } else {
    await requireAllowed(context, mayResolve, draft, 'Who handles disputes resolves it, and never one of its sides.');
  }
};

/** Withdraws or resolves a dispute. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH, CONFLICT, UNPROCESSABLE. */
export const updateDispute = (store: DisputeStore, context: RequestContext, end: DisputeEnd): Promise<Dispute> =>
  retryCompareAndSwap(async () => {
    const { userId, displayName } = context.caller;
    const { communityId, disputeId, resolution = null, status } = end;
    const { dispute, role } = await requireFound('community', store.find(userId, end));
    const changes = changesOf(dispute ?? null, { status, ...omitUndefined({ resolution: end.resolution }) }, context.sha256);
    const draft = draftOf('update', { id: disputeId, communityId, title: dispute?.wealthTitle }, changes);
    await requireRole(context, role, 'dispute:open', draft);
    if (dispute === undefined) throw notFound('dispute');
    requireVersion(dispute.version, end.ifMatch);
    if (dispute.status !== 'open') throw new AppError('CONFLICT', `The dispute is ${dispute.status} already.`);
    await requireEndable(context, dispute, status, draft);
    if ((status === 'resolved') === (resolution === null)) {
      throw new AppError('UNPROCESSABLE', 'A dispute is resolved with a resolution, and withdrawn without one.');
    }
    const resolver = status === 'resolved' ? { resolvedBy: userId, resolvedByName: displayName } : {};
    const next = nextVersion(dispute, { status, resolution, ...resolver, mayResolve: false }, context.at);
    return (await store.end(next, writeOf(context, draft))) ? next : undefined;
  });
