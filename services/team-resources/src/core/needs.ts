import type { Need } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  auditDraftsOf,
  changesOf,
  createOnce,
  deleteResource,
  findResource,
  firstVersion,
  nextVersion,
  notFound,
  pageRequest,
  requireAllowed,
  requireFound,
  requireRole,
  restoreResource,
  retryCompareAndSwap,
  toPage,
  updateResource,
  type AuditDraft,
  type Page,
  type PageQuery,
  type RequestContext,
  type ResourceRules,
  type VersionCondition,
} from '@guildhall/resources';
import { writeOf } from './community-write.ts';
import type { NeedFilter, NeedPath, NeedStore, NeedSubject, NeedTarget, NeedWithAccess } from './need-store.ts';
import { keyCursorOf, keyCursorReader } from './sorted-cursor.ts';

const draftOf = auditDraftsOf('need', ({ title }: Pick<Need, 'id' | 'communityId' | 'title'>) => title);

/** Throws NOT_FOUND. */
export const listNeeds = async (
  store: NeedStore,
  { caller }: RequestContext,
  { communityId, filter, query }: { readonly communityId: string; readonly filter: NeedFilter; readonly query: PageQuery },
): Promise<Page<Need>> => {
  const { sort } = filter;
  const page = pageRequest(query, keyCursorReader(sort, sort === 'title' ? 'text' : 'time'));
  const rows = await requireFound('community', store.list(caller.userId, communityId, filter, page));
  return toPage(rows, query, ({ id, title, createdAt }) => keyCursorOf(sort, { key: sort === 'title' ? title : createdAt, id }));
};

/** Throws FORBIDDEN unless the need is the caller's own or that of their council, or they are an admin or owner. */
const requireOwn = async (context: RequestContext, found: NeedWithAccess, draft: AuditDraft): Promise<void> => {
  await requireRole(context, found.role, 'need:update', draft);
  // A deleted need does not exist for others.
  if (found.isDeleted && !found.mayChange) throw notFound('need');
  await requireAllowed(context, found.mayChange, draft, 'Only whose need it is, admins and owners may change it.');
};

/** A need is changed, deleted and restored by whose it is, by admins and owners. */
const rulesOf = (store: NeedStore, context: RequestContext): ResourceRules<Need, NeedWithAccess, NeedPath> => ({
  context,
  noun: 'need',
  find: (path) => store.find(context.caller.userId, path),
  draftOf,
  allow: (_verb, found, draft) => requireOwn(context, found, draft),
  save: async ({ verb, next, draft }) => {
    const state = await store.save(next, { isDeleted: verb === 'delete', isMetNow: false }, writeOf(context, draft));
    return state && { ...next, ...state };
  },
});

/** Throws NOT_FOUND, also for a soft-deleted need. */
export const findNeed = (store: NeedStore, context: RequestContext, path: NeedPath): Promise<NeedWithAccess> =>
  findResource(rulesOf(store, context), path);

export interface NewNeed {
  readonly title: string;
  readonly description?: string;
  readonly quantity?: number;
  readonly intervalDays?: number;
  readonly councilId?: string;
  readonly isOfCommunity?: boolean;
}

/** Throws UNPROCESSABLE for a council that the community does not have, and for a need of two at once. */
const requireSubject = ({ councilId, isOfCommunity }: NeedSubject, { hasCouncil }: NeedTarget): void => {
  if (councilId !== null && isOfCommunity) {
    throw new AppError('UNPROCESSABLE', 'It is the need of one council or of the community, not of both.');
  }
  if (!hasCouncil) throw new AppError('UNPROCESSABLE', 'The community has no such council.');
};

const stateRule = 'Its members say what a council is short of, admins and owners that and what the community is.';

type StatedNeed = Omit<Need, 'createdByName'>;

const needOf = (context: RequestContext, communityId: string, body: NewNeed): StatedNeed => ({
  id: context.newId(),
  communityId,
  title: body.title,
  description: body.description ?? '',
  quantity: body.quantity ?? 1,
  intervalDays: body.intervalDays ?? null,
  councilId: body.councilId ?? null,
  isOfCommunity: body.isOfCommunity ?? false,
  status: 'open',
  timesMet: 0,
  metByWealthId: null,
  metAt: null,
  ...firstVersion(context),
});

/** Creates a need, once per Idempotency-Key. Throws NOT_FOUND, FORBIDDEN, UNPROCESSABLE. */
export const createNeed = (
  store: NeedStore,
  context: RequestContext,
  { communityId, body }: { readonly communityId: string; readonly body: NewNeed },
): Promise<Need> => {
  const { caller, idempotencyKey } = context;
  const made = needOf(context, communityId, body);
  const draft = draftOf('create', made, changesOf(null, { ...body }, context.sha256));
  return createOnce<Need, NeedTarget>(context, {
    fingerprint: ['need.create', communityId, body],
    findTarget: () => requireFound('community', store.findCreateTarget(caller.userId, communityId, made, idempotencyKey)),
    allow: async (target) => {
      await requireRole(context, target.role, 'need:create', draft);
      if (target.earlier !== null) return;
      requireSubject(made, target);
      await requireAllowed(context, target.mayState, draft, stateRule);
    },
    make: ({ displayName }) => ({ ...made, createdByName: displayName }),
    insert: (need, remembered) => store.insert(need, writeOf(context, draft), remembered),
  });
};

export interface NeedChange extends NeedPath {
  readonly ifMatch: VersionCondition;
  readonly edit: Partial<Pick<Need, 'title' | 'description' | 'quantity'>> & { readonly status?: 'cancelled' };
}

const requireNotCancelled = ({ status }: Need): void => {
  if (status === 'cancelled') throw new AppError('CONFLICT', 'The need is cancelled, and changes no more.');
};

/** An edit that changes nothing keeps the version. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH, CONFLICT. */
export const updateNeed = (store: NeedStore, context: RequestContext, change: NeedChange): Promise<Need> =>
  updateResource(rulesOf(store, context), change, ({ item }) => requireNotCancelled(item));

export interface NeedFulfilment extends NeedPath {
  /** The wealth by which the need is met; null: by hand. */
  readonly metByWealthId: string | null;
}

/** Throws CONFLICT for a need that is cancelled or met already, UNPROCESSABLE for wealth that is not there. */
const requireOpen = async (
  store: NeedStore,
  { caller }: RequestContext,
  need: Need,
  { communityId, metByWealthId }: NeedFulfilment,
): Promise<void> => {
  requireNotCancelled(need);
  if (need.status === 'met') throw new AppError('CONFLICT', 'The need is met already.');
  if (metByWealthId === null || (await store.hasWealth(caller.userId, communityId, metByWealthId))) return;
  throw new AppError('UNPROCESSABLE', 'The community has no such wealth.');
};

/** Notes that a need is met: of two who do so at once, one does. Throws NOT_FOUND, FORBIDDEN, CONFLICT, UNPROCESSABLE. */
export const fulfilNeed = (store: NeedStore, context: RequestContext, fulfilment: NeedFulfilment): Promise<Need> =>
  retryCompareAndSwap(async () => {
    const found = await findNeed(store, context, fulfilment);
    const { item } = found;
    const { metByWealthId } = fulfilment;
    const met = { status: 'met', timesMet: item.timesMet + 1, metByWealthId } as const;
    const draft = draftOf('fulfil', item, changesOf(item, met, context.sha256));
    await requireOwn(context, found, draft);
    await requireOpen(store, context, item, fulfilment);
    const next = nextVersion(item, met, context.at);
    const state = await store.save(next, { isDeleted: false, isMetNow: true }, writeOf(context, draft));
    return state && { ...next, ...state };
  });

/** Soft delete. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const deleteNeed = (store: NeedStore, context: RequestContext, path: Omit<NeedChange, 'edit'>): Promise<void> =>
  deleteResource(rulesOf(store, context), path);

/** Undoes a soft delete. Idempotent. Throws NOT_FOUND, FORBIDDEN. */
export const restoreNeed = (store: NeedStore, context: RequestContext, path: NeedPath): Promise<Need> =>
  restoreResource(rulesOf(store, context), path);
