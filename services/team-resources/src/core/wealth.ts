import { communityRoleMay, type Wealth, type WealthSort } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  auditDraftsOf,
  changesOf,
  createOnce,
  deleteResource,
  findResource,
  firstVersion,
  notFound,
  pageRequest,
  requireAllowed,
  requireFound,
  requireRole,
  restoreResource,
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
import { keyCursorOf, keyCursorReader } from './sorted-cursor.ts';
import type { WealthAudience, WealthFilter, WealthPath, WealthStore, WealthTarget, WealthWithAccess } from './wealth-store.ts';

const draftOf = auditDraftsOf('wealth', ({ title }: Pick<Wealth, 'id' | 'communityId' | 'title'>) => title);

/** The time by which wealth that never expires is sorted: the last that a cursor can hold. The statement of the list has it, too. */
const neverExpires = '9999-12-31T23:59:59.999Z';

const keyOf = (sort: WealthSort, { createdAt, expiresAt, title }: Wealth): string =>
  ({ newest: createdAt, expiring: expiresAt ?? neverExpires, title })[sort];

/** Throws NOT_FOUND. */
export const listWealth = async (
  store: WealthStore,
  { caller }: RequestContext,
  { communityId, filter, query }: { readonly communityId: string; readonly filter: WealthFilter; readonly query: PageQuery },
): Promise<Page<Wealth>> => {
  const { sort } = filter;
  const page = pageRequest(query, keyCursorReader(sort, sort === 'title' ? 'text' : 'time'));
  const rows = await requireFound('community', store.list(caller.userId, communityId, filter, page));
  return toPage(rows, query, (wealth) => keyCursorOf(sort, { key: keyOf(sort, wealth), id: wealth.id }));
};

const isOwn = ({ caller }: RequestContext, { item, role }: WealthWithAccess): boolean =>
  item.createdBy === caller.userId || communityRoleMay(role, 'wealth:moderate');

/** Throws FORBIDDEN unless the caller offers the wealth themselves or moderates. */
const requireOwn = async (context: RequestContext, found: WealthWithAccess, draft: AuditDraft): Promise<void> => {
  // Deleted wealth does not exist for others.
  if (found.isDeleted && !isOwn(context, found)) throw notFound('wealth');
  await requireAllowed(context, isOwn(context, found), draft, 'Only who offers it, admins and owners may change it.');
};

const quantityLeftOf = ({ quantity }: Wealth, { quantityTaken }: WealthWithAccess): number | null =>
  quantity === null ? null : quantity - quantityTaken;

/** Throws UNPROCESSABLE for a council and a pool at once, or one that the community does not have. */
const requireAudience = ({ councilId, poolId }: WealthAudience, isThere: boolean): void => {
  if (councilId !== null && poolId !== null) {
    throw new AppError('UNPROCESSABLE', 'It is shared with one council or one pool, not with both.');
  }
  if (!isThere) throw new AppError('UNPROCESSABLE', `The community has no such ${councilId === null ? 'pool' : 'council'}.`);
};

/** Throws UNPROCESSABLE when wealth is to be shared with another council or pool that is not there. */
const requireNewAudience = async (store: WealthStore, before: Wealth, next: Wealth): Promise<void> => {
  if (next.councilId === before.councilId && next.poolId === before.poolId) return;
  requireAudience(next, await store.hasAudience(next.communityId, next));
};

/** Wealth is changed, deleted and restored by who offers it, by admins and owners. */
const rulesOf = (store: WealthStore, context: RequestContext): ResourceRules<Wealth, WealthWithAccess, WealthPath> => ({
  context,
  noun: 'wealth',
  find: (path) => store.find(context.caller.userId, path),
  draftOf,
  allow: async (verb, found, draft) => {
    await requireRole(context, found.role, verb === 'update' ? 'wealth:update' : 'wealth:delete', draft);
    await requireOwn(context, found, draft);
  },
  save: async ({ verb, found, next, draft }) => {
    await requireNewAudience(store, found.item, next);
    const wealth = { ...next, quantityLeft: quantityLeftOf(next, found) };
    const status = await store.save(wealth, verb === 'delete', writeOf(context, draft));
    return status && { ...wealth, status };
  },
});

/** Finds wealth that is not deleted. Throws NOT_FOUND. */
export const findWealth = (store: WealthStore, context: RequestContext, path: WealthPath): Promise<WealthWithAccess> =>
  findResource(rulesOf(store, context), path);

export interface NewWealth {
  readonly type: Wealth['type'];
  readonly title: string;
  readonly description?: string;
  readonly category?: string;
  readonly councilId?: string;
  readonly poolId?: string;
  readonly quantity?: number;
  readonly minTrustRequired?: number;
  readonly expiresAt?: string;
}

/** Throws UNPROCESSABLE for a time that is over. */
const requireFuture = (expiresAt: string | null | undefined, at: string): void => {
  if (typeof expiresAt === 'string' && Date.parse(expiresAt) <= Date.parse(at)) {
    throw new AppError('UNPROCESSABLE', 'The time of expiry is over.');
  }
};

const toIso = (time: string | null): string | null => (time === null ? null : new Date(time).toISOString());

const wealthOf = (context: RequestContext, communityId: string, body: NewWealth): Omit<Wealth, 'createdByName'> => ({
  id: context.newId(),
  communityId,
  type: body.type,
  title: body.title,
  description: body.description ?? '',
  category: body.category ?? null,
  councilId: body.councilId ?? null,
  poolId: body.poolId ?? null,
  quantity: body.quantity ?? null,
  quantityLeft: body.quantity ?? null,
  minTrustRequired: body.minTrustRequired ?? 0,
  status: 'active',
  expiresAt: toIso(body.expiresAt ?? null),
  ...firstVersion(context),
});

/** Offers wealth, once per Idempotency-Key. Throws NOT_FOUND, FORBIDDEN for a trust score below the threshold, UNPROCESSABLE. */
export const createWealth = (
  store: WealthStore,
  context: RequestContext,
  { communityId, body }: { readonly communityId: string; readonly body: NewWealth },
): Promise<Wealth> => {
  const { caller, idempotencyKey } = context;
  const made = wealthOf(context, communityId, body);
  const draft = draftOf('create', made, changesOf(null, { ...body }, context.sha256));
  return createOnce<Wealth, WealthTarget>(context, {
    fingerprint: ['wealth.create', communityId, body],
    findTarget: () => requireFound('community', store.findCreateTarget(caller.userId, communityId, made, idempotencyKey)),
    allow: async ({ earlier, hasAudience, neededScore, role, score }) => {
      await requireRole(context, role, 'wealth:create', draft);
      const reason = `Offering wealth needs a trust score of ${neededScore} here; yours is ${score}.`;
      await requireAllowed(context, score >= neededScore, draft, reason);
      if (earlier !== null) return;
      requireFuture(made.expiresAt, context.at);
      requireAudience(made, hasAudience);
    },
    make: ({ displayName }) => ({ ...made, createdByName: displayName }),
    insert: (wealth, remembered) => store.insert(wealth, writeOf(context, draft), remembered),
  });
};

export interface WealthChange extends WealthPath {
  readonly ifMatch: VersionCondition;
  readonly edit: Partial<
    Pick<Wealth, 'title' | 'description' | 'category' | 'councilId' | 'poolId' | 'minTrustRequired' | 'expiresAt'> & {
      readonly quantity: number;
      readonly status: 'fulfilled' | 'cancelled';
    }
  >;
}

/** Throws CONFLICT for wealth that is over, and for a quantity below what requests have taken. */
const requireEditable = ({ item, quantityTaken }: WealthWithAccess, { quantity }: WealthChange['edit']): void => {
  if (item.status === 'fulfilled' || item.status === 'cancelled') {
    throw new AppError('CONFLICT', `It is ${item.status}, and changes no more.`);
  }
  if (quantity !== undefined && quantity < quantityTaken) {
    throw new AppError('CONFLICT', `Requests have taken ${quantityTaken} already.`);
  }
};

/** An edit that changes nothing keeps the version. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH, CONFLICT, UNPROCESSABLE. */
export const updateWealth = (store: WealthStore, context: RequestContext, change: WealthChange): Promise<Wealth> => {
  const { expiresAt } = change.edit;
  const edit = { ...change.edit, ...(expiresAt === undefined ? {} : { expiresAt: toIso(expiresAt) }) };
  return updateResource(rulesOf(store, context), { ...change, edit }, (found) => {
    requireEditable(found, edit);
    requireFuture(edit.expiresAt, context.at);
  });
};

/** Soft delete. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const deleteWealth = (store: WealthStore, context: RequestContext, path: Omit<WealthChange, 'edit'>): Promise<void> =>
  deleteResource(rulesOf(store, context), path);

/** Undoes a soft delete. Idempotent. Throws NOT_FOUND, FORBIDDEN. */
export const restoreWealth = (store: WealthStore, context: RequestContext, path: WealthPath): Promise<Wealth> =>
  restoreResource(rulesOf(store, context), path);
