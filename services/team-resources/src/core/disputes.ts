import type { AuditEventMessage, CommunityRole, Dispute, WealthRequestStatus } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  changesOf,
  createOnce,
  cursorOf,
  nextVersion,
  notFound,
  omitUndefined,
  pageRequest,
  readPosition,
  requireAllowed,
  requireRole,
  requireVersion,
  retryCompareAndSwap,
  toPage,
  type AuditDraft,
  type EarlierAnswer,
  type Page,
  type PageQuery,
  type PageRequest,
  type RememberedAnswer,
  type RequestContext,
  type VersionCondition,
} from '@guildhall/resources';
import type { WealthRequestPath } from './wealth-requests.ts';

export interface DisputeWithAccess {
  /** The caller's role in the community. */
  readonly role: CommunityRole;
  /** Undefined when there is none, or the caller is no side of it and does not handle it. */
  readonly dispute: Dispute | undefined;
}

/** The accepted request on which a dispute is to be opened. */
export interface DisputeTarget {
  readonly role: CommunityRole;
  readonly displayName: string;
  /** Undefined when there is no such request, or the caller is none of its sides. */
  readonly request:
    { readonly title: string; readonly status: WealthRequestStatus; readonly hasOpenDispute: boolean } | undefined;
  readonly earlier: EarlierAnswer | null;
}

export interface DisputeWrite {
  readonly userId: string;
  readonly event: AuditEventMessage;
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
  /** Newest first. */
  list(
    userId: string,
    communityId: string,
    status: Dispute['status'] | undefined,
    page: PageRequest,
  ): Promise<readonly Dispute[] | undefined>;
  find(userId: string, path: DisputePath): Promise<DisputeWithAccess | undefined>;
  findOpenTarget(userId: string, path: WealthRequestPath, key: string | undefined): Promise<DisputeTarget | undefined>;
  insert(dispute: Dispute, write: DisputeWrite, remembered: RememberedAnswer | null): Promise<boolean>;
  /** Ends an open dispute: a compare-and-swap on the version. Who handles disputes is looked at again. */
  end(next: Dispute, write: DisputeWrite): Promise<boolean>;
}

const draftOf = (
  verb: 'create' | 'update',
  id: string,
  communityId: string,
  title: string | undefined,
  changes: NonNullable<AuditDraft['changes']>,
): AuditDraft => ({
  action: `dispute.${verb}`,
  resource: { type: 'dispute', id, ...omitUndefined({ name: title }) },
  communityId,
  changes,
});

/** Throws NOT_FOUND. */
export const listDisputes = async (
  store: DisputeStore,
  { caller }: RequestContext,
  communityId: string,
  { status, ...query }: PageQuery & { readonly status?: Dispute['status'] },
): Promise<Page<Dispute>> => {
  const rows = await store.list(caller.userId, communityId, status, pageRequest(query, readPosition));
  if (rows === undefined) throw notFound('community');
  return toPage(rows, query, cursorOf);
};

/** Throws NOT_FOUND. */
export const findDispute = async (store: DisputeStore, { caller }: RequestContext, path: DisputePath): Promise<Dispute> => {
  const found = await store.find(caller.userId, path);
  if (found === undefined) throw notFound('community');
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
  const { at, caller, idempotencyKey } = context;
  const id = context.newId();
  const changes = changesOf(null, { requestId: path.requestId, reason }, context.sha256);
  const draftFor = ({ request }: DisputeTarget) => draftOf('create', id, path.communityId, request?.title, changes);
  return createOnce<Dispute, DisputeTarget>(context, {
    fingerprint: ['dispute.create', path, reason],
    findTarget: async () => {
      const target = await store.findOpenTarget(caller.userId, path, idempotencyKey);
      if (target === undefined) throw notFound('community');
      return target;
    },
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
      mayResolve: false,
      createdBy: caller.userId,
      createdByName: displayName,
      version: 1,
      createdAt: at,
      updatedAt: at,
    }),
    insert: (dispute, remembered, target) =>
      store.insert(dispute, { userId: caller.userId, event: context.audit('success', draftFor(target)) }, remembered),
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
    const { userId } = context.caller;
    const { communityId, disputeId, resolution = null, status } = end;
    const found = await store.find(userId, end);
    if (found === undefined) throw notFound('community');
    const { dispute, role } = found;
    const changes = changesOf(dispute ?? null, { status, ...omitUndefined({ resolution: end.resolution }) }, context.sha256);
    const draft = draftOf('update', disputeId, communityId, dispute?.wealthTitle, changes);
    await requireRole(context, role, 'dispute:open', draft);
    if (dispute === undefined) throw notFound('dispute');
    requireVersion(dispute.version, end.ifMatch);
    if (dispute.status !== 'open') throw new AppError('CONFLICT', `The dispute is ${dispute.status} already.`);
    await requireEndable(context, dispute, status, draft);
    if ((status === 'resolved') === (resolution === null)) {
      throw new AppError('UNPROCESSABLE', 'A dispute is resolved with a resolution, and withdrawn without one.');
    }
    const resolvedBy = status === 'resolved' ? userId : null;
    const next = nextVersion(dispute, { status, resolution, resolvedBy, mayResolve: false }, context.at);
    return (await store.end(next, { userId, event: context.audit('success', draft) })) ? next : undefined;
  });
