import { communityRoleMay, type Wealth, type WealthSort } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  changesOf,
  createOnce,
  decodeCursor,
  encodeCursor,
  invalidCursor,
  nextVersion,
  notFound,
  pageRequest,
  requireAllowed,
  requireRole,
  requireVersion,
  retryCompareAndSwap,
  timeInCursor,
  toPage,
  uuidInCursor,
  type AuditDraft,
  type Page,
  type PageQuery,
  type RequestContext,
  type VersionCondition,
} from '@guildhall/resources';
import type { WealthFilter, WealthPath, WealthPosition, WealthStore, WealthTarget, WealthWithAccess } from './wealth-store.ts';

type Verb = 'create' | 'update' | 'delete' | 'restore';

const draftOf = (
  verb: Verb,
  { id, title, communityId }: Pick<Wealth, 'id' | 'title' | 'communityId'>,
  changes: NonNullable<AuditDraft['changes']> = [],
): AuditDraft => ({ action: `wealth.${verb}`, resource: { type: 'wealth', id, name: title }, communityId, changes });

/** The time by which wealth that never expires is sorted: the last that a cursor can hold. */
export const neverExpires = '9999-12-31T23:59:59.999Z';

const keyOf = (sort: WealthSort, { createdAt, expiresAt, title }: Wealth): string =>
  ({ newest: createdAt, expiring: expiresAt ?? neverExpires, title })[sort];

/** The position in a cursor of a list with this sort. Throws INVALID for a cursor of another list. */
const readWealthCursor =
  (sort: WealthSort) =>
  (cursor: string): WealthPosition => {
    const [sortedBy = '', key = '', id = ''] = decodeCursor(cursor, 3);
    if (sortedBy !== sort) throw invalidCursor();
    return { key: sort === 'title' ? key : timeInCursor(key), id: uuidInCursor(id) };
  };

/** Throws NOT_FOUND. */
export const listWealth = async (
  store: WealthStore,
  { caller }: RequestContext,
  { communityId, filter, query }: { readonly communityId: string; readonly filter: WealthFilter; readonly query: PageQuery },
): Promise<Page<Wealth>> => {
  const { sort } = filter;
  const rows = await store.list(caller.userId, communityId, filter, pageRequest(query, readWealthCursor(sort)));
  if (rows === undefined) throw notFound('community');
  return toPage(rows, query, (wealth) => encodeCursor([sort, keyOf(sort, wealth), wealth.id]));
};

/** Finds wealth that is not deleted. Throws NOT_FOUND. */
export const findWealth = async (store: WealthStore, { caller }: RequestContext, path: WealthPath): Promise<WealthWithAccess> => {
  const found = await store.find(caller.userId, path);
  if (found === undefined || found.isDeleted) throw notFound('wealth');
  return found;
};

export interface NewWealth {
  readonly type: Wealth['type'];
  readonly title: string;
  readonly description?: string;
  readonly category?: string;
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

const wealthOf = (
  { at, caller }: RequestContext,
  id: string,
  communityId: string,
  body: NewWealth,
): Omit<Wealth, 'createdByName'> => ({
  id,
  communityId,
  type: body.type,
  title: body.title,
  description: body.description ?? '',
  category: body.category ?? null,
  quantity: body.quantity ?? null,
  quantityLeft: body.quantity ?? null,
  minTrustRequired: body.minTrustRequired ?? 0,
  status: 'active',
  expiresAt: toIso(body.expiresAt ?? null),
  createdBy: caller.userId,
  version: 1,
  createdAt: at,
  updatedAt: at,
});

/** Offers wealth, once per Idempotency-Key. Throws NOT_FOUND, FORBIDDEN for a trust score below the threshold, UNPROCESSABLE. */
export const createWealth = (
  store: WealthStore,
  context: RequestContext,
  { communityId, body }: { readonly communityId: string; readonly body: NewWealth },
): Promise<Wealth> => {
  const { caller, idempotencyKey } = context;
  const made = wealthOf(context, context.newId(), communityId, body);
  const draft = draftOf('create', made, changesOf(null, { ...body }, context.sha256));
  return createOnce<Wealth, WealthTarget>(context, {
    fingerprint: ['wealth.create', communityId, body],
    findTarget: async () => {
      const target = await store.findCreateTarget(caller.userId, communityId, idempotencyKey);
      if (target === undefined) throw notFound('community');
      return target;
    },
    allow: async ({ earlier, neededScore, role, score }) => {
      await requireRole(context, role, 'wealth:create', draft);
      const reason = `Offering wealth needs a trust score of ${neededScore} here; yours is ${score}.`;
      await requireAllowed(context, score >= neededScore, draft, reason);
      if (earlier === null) requireFuture(made.expiresAt, context.at);
    },
    make: ({ displayName }) => ({ ...made, createdByName: displayName }),
    insert: (wealth, remembered) => {
      const event = context.audit('success', draft);
      return store.insert(wealth, { userId: caller.userId, event }, remembered);
    },
  });
};

const isOwn = ({ caller }: RequestContext, { item, role }: WealthWithAccess): boolean =>
  item.createdBy === caller.userId || communityRoleMay(role, 'wealth:moderate');

/** Throws FORBIDDEN unless the caller offers the wealth themselves or moderates. */
const requireOwn = (context: RequestContext, found: WealthWithAccess, draft: AuditDraft): Promise<void> =>
  requireAllowed(context, isOwn(context, found), draft, 'Only who offers it, admins and owners may change it.');

export interface WealthChange extends WealthPath {
  readonly ifMatch: VersionCondition;
  readonly edit: Partial<
    Pick<Wealth, 'title' | 'description' | 'category' | 'minTrustRequired' | 'expiresAt'> & {
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
export const updateWealth = (store: WealthStore, context: RequestContext, change: WealthChange): Promise<Wealth> =>
  retryCompareAndSwap(async () => {
    const found = await findWealth(store, context, change);
    const { item, quantityTaken, role } = found;
    const { expiresAt } = change.edit;
    const edit = { ...change.edit, ...(expiresAt === undefined ? {} : { expiresAt: toIso(expiresAt) }) };
    const changes = changesOf(item, edit, context.sha256);
    const draft = draftOf('update', item, changes);
    await requireRole(context, role, 'wealth:update', draft);
    await requireOwn(context, found, draft);
    requireVersion(item.version, change.ifMatch);
    if (changes.length === 0) return item;
    requireEditable(found, edit);
    requireFuture(edit.expiresAt, context.at);
    const { quantity = item.quantity } = edit;
    const next = nextVersion(item, { ...edit, quantityLeft: quantity === null ? null : quantity - quantityTaken }, context.at);
    const write = { userId: context.caller.userId, event: context.audit('success', draft) };
    const status = await store.save(next, false, write);
    return status === undefined ? undefined : { ...next, status };
  });

/** Soft delete. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH. */
export const deleteWealth = async (
  store: WealthStore,
  context: RequestContext,
  path: Omit<WealthChange, 'edit'>,
): Promise<void> => {
  await retryCompareAndSwap(async () => {
    const found = await findWealth(store, context, path);
    const { item, role } = found;
    const draft = draftOf('delete', item);
    await requireRole(context, role, 'wealth:delete', draft);
    await requireOwn(context, found, draft);
    requireVersion(item.version, path.ifMatch);
    const write = { userId: context.caller.userId, event: context.audit('success', draft) };
    return await store.save(nextVersion(item, {}, context.at), true, write);
  });
};

/** Restores deleted wealth; what is not deleted stays as it is. Throws NOT_FOUND, FORBIDDEN. */
export const restoreWealth = (store: WealthStore, context: RequestContext, path: WealthPath): Promise<Wealth> =>
  retryCompareAndSwap(async () => {
    const found = await store.find(context.caller.userId, path);
    if (found === undefined) throw notFound('wealth');
    const { item, role } = found;
    const draft = draftOf('restore', item);
    await requireRole(context, role, 'wealth:delete', draft);
    if (found.isDeleted && !isOwn(context, found)) throw notFound('wealth');
    await requireOwn(context, found, draft);
    if (!found.isDeleted) return item;
    const next = nextVersion(item, {}, context.at);
    const write = { userId: context.caller.userId, event: context.audit('success', draft) };
    const status = await store.save(next, false, write);
    return status === undefined ? undefined : { ...next, status };
  });
