import { communityRoleMay, type HeldRole, type Wealth, type WealthRequest, type WealthRequestStatus } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  auditDraftsOf,
  changesOf,
  createOnce,
  cursorOf,
  nextVersion,
  notFound,
  pageRequest,
  readPosition,
  requireAllowed,
  requireFound,
  requireRole,
  requireVersion,
  retryCompareAndSwap,
  toPage,
  type Page,
  type PageQuery,
  type PageRequest,
  type RememberedAnswer,
  type RequestContext,
  type VersionCondition,
  type WithEarlier,
} from '@guildhall/resources';
import { writeOf, type AuditedWrite } from './community-write.ts';
import { moveAllowed, sidesOf, type WealthRequestMove } from './wealth-request-states.ts';
import type { WealthPath } from './wealth-store.ts';

/** The wealth of a request as far as its rules need it. */
export interface RequestedWealth {
  readonly role: HeldRole;
  readonly wealth: Pick<Wealth, 'title' | 'createdBy' | 'status' | 'quantityLeft'>;
}

export interface WealthRequestWithAccess extends RequestedWealth {
  /** Undefined when there is no such request, or the caller is none of its sides and does not moderate. */
  readonly request: WealthRequest | undefined;
}

export interface WealthRequestTarget extends RequestedWealth, WithEarlier {
  readonly displayName: string;
}

/**
 * The requests for wealth. Reads are one statement; they return undefined for wealth that the caller may not see. Writes are
 * one statement: row, quantity, event and key, or nothing; they return false, having changed nothing, when the request, the
 * wealth or the caller's right is not (any more) as the change needs it. However many requests are accepted at once, never
 * more is taken than there is.
 */
export interface WealthRequestStore {
  /** Newest first: every request for who offers the wealth or moderates, their own for others. */
  list(
    userId: string,
    path: WealthPath,
    status: WealthRequestStatus | undefined,
    page: PageRequest,
  ): Promise<readonly WealthRequest[] | undefined>;
  find(userId: string, path: WealthRequestPath): Promise<WealthRequestWithAccess | undefined>;
  findCreateTarget(userId: string, path: WealthPath, key: string | undefined): Promise<WealthRequestTarget | undefined>;
  insert(request: WealthRequest, write: AuditedWrite, remembered: RememberedAnswer | null): Promise<boolean>;
  /** Moves the request to the status of `next`, from the version before it. */
  move(next: WealthRequest, move: WealthRequestMove, write: AuditedWrite): Promise<boolean>;
}

export interface WealthRequestPath extends WealthPath {
  readonly requestId: string;
}

const draftOf = auditDraftsOf(
  'wealth-request',
  ({ wealth }: RequestedWealth & { readonly id: string; readonly communityId: string }) => wealth.title,
);

/** Throws NOT_FOUND. */
export const listWealthRequests = async (
  store: WealthRequestStore,
  { caller }: RequestContext,
  path: WealthPath,
  { status, ...query }: PageQuery & { readonly status?: WealthRequestStatus },
): Promise<Page<WealthRequest>> => {
  const rows = await requireFound('wealth', store.list(caller.userId, path, status, pageRequest(query, readPosition)));
  return toPage(rows, query, cursorOf);
};

/** Throws NOT_FOUND. */
export const findWealthRequest = async (
  store: WealthRequestStore,
  { caller }: RequestContext,
  path: WealthRequestPath,
): Promise<WealthRequest> => {
  const found = await requireFound('wealth', store.find(caller.userId, path));
  if (found.request === undefined) throw notFound('wealth request');
  return found.request;
};

const requireActive = ({ wealth }: RequestedWealth): void => {
  if (wealth.status !== 'active') throw new AppError('CONFLICT', `The wealth is ${wealth.status}.`);
};

/** Requests wealth, once per Idempotency-Key. Throws NOT_FOUND, FORBIDDEN, CONFLICT for wealth that is over, UNPROCESSABLE for one's own. */
export const createWealthRequest = (
  store: WealthRequestStore,
  context: RequestContext,
  { body, ...path }: WealthPath & { readonly body: { readonly quantity?: number; readonly note?: string } },
): Promise<WealthRequest> => {
  const { at, caller, idempotencyKey } = context;
  const { quantity = 1, note = '' } = body;
  const id = context.newId();
  const changes = changesOf(null, { wealthId: path.wealthId, quantity, note }, context.sha256);
  const { communityId } = path;
  const draft = (target: WealthRequestTarget) => draftOf('create', { ...target, id, communityId }, changes);
  return createOnce<WealthRequest, WealthRequestTarget>(context, {
    fingerprint: ['wealth-request.create', path, body],
    findTarget: () => requireFound('wealth', store.findCreateTarget(caller.userId, path, idempotencyKey)),
    allow: async (target) => {
      await requireRole(context, target.role, 'wealth:request', draft(target));
      if (target.earlier !== null) return;
      if (target.wealth.createdBy === caller.userId)
        throw new AppError('UNPROCESSABLE', 'Nobody requests what they offer themselves.');
      requireActive(target);
    },
    make: ({ displayName }) => ({
      id,
      ...path,
      requestedBy: caller.userId,
      requestedByName: displayName,
      quantity,
      note,
      status: 'pending',
      version: 1,
      createdAt: at,
      updatedAt: at,
    }),
    insert: (request, remembered, target) => store.insert(request, writeOf(context, draft(target)), remembered),
  });
};

/** Throws CONFLICT when the wealth is over or has too little left for the request. */
const requireTakeable = (found: RequestedWealth, { quantity }: WealthRequest): void => {
  requireActive(found);
  const { quantityLeft } = found.wealth;
  if (quantityLeft !== null && quantityLeft < quantity) {
    throw new AppError('CONFLICT', `The request is for ${quantity}, and ${quantityLeft} are left.`);
  }
};

export interface WealthRequestChange extends WealthRequestPath {
  readonly ifMatch: VersionCondition;
  readonly status: WealthRequestMove['to'];
}

/** Moves a request on. Throws NOT_FOUND, FORBIDDEN for the wrong side, VERSION_MISMATCH, CONFLICT for a move that its state does not know. */
export const updateWealthRequest = (
  store: WealthRequestStore,
  context: RequestContext,
  change: WealthRequestChange,
): Promise<WealthRequest> =>
  retryCompareAndSwap(async () => {
    const { userId } = context.caller;
    const found = await requireFound('wealth', store.find(userId, change));
    const { request, role, wealth } = found;
    const changes = changesOf(request ?? null, { status: change.status }, context.sha256);
    const draft = draftOf('update', { ...found, id: change.requestId, communityId: change.communityId }, changes);
    await requireRole(context, role, 'wealth:request', draft);
    if (request === undefined) throw notFound('wealth request');
    requireVersion(request.version, change.ifMatch);
    const move = { from: request.status, to: change.status };
    const sides = sidesOf(userId, request.requestedBy, wealth.createdBy, communityRoleMay(role, 'wealth:moderate'));
    const verdict = moveAllowed(move, sides);
    if (verdict === 'no such move') throw new AppError('CONFLICT', `A request that is ${move.from} is not ${move.to} next.`);
    await requireAllowed(context, verdict === 'allowed', draft, `It is for the other side to call the request ${move.to}.`);
    if (move.to === 'accepted') requireTakeable(found, request);
    const next = nextVersion(request, { status: change.status }, context.at);
    return (await store.move(next, move, writeOf(context, draft))) ? next : undefined;
  });
