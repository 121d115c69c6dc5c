import { communityRoleMay, type PoolContribution } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import {
  auditDraftsOf,
  changesOf,
  createOnce,
  cursorOf,
  notFound,
  pageRequest,
  readPosition,
  requireAllowed,
  requireFound,
  requireRole,
  toPage,
  type AuditDraft,
  type Page,
  type PageQuery,
  type PageRequest,
  type RememberedAnswer,
  type RequestContext,
} from '@guildhall/resources';
import type { CreateTarget } from './community-resource.ts';
import { writeOf, type AuditedWrite } from './community-write.ts';
import type { PoolPath } from './pools.ts';

/** The pool to which something is contributed. */
export interface PoolContributionTarget extends CreateTarget {
  /** The caller belongs to the council of the pool. */
  readonly isCouncilMember: boolean;
  readonly poolName: string;
  readonly holding: number;
  readonly displayName: string;
}

export interface PoolContributionFilter {
  readonly kind?: PoolContribution['kind'] | undefined;
  readonly createdBy?: string | undefined;
}

/**
 * The contributions to pools. Reads are one statement; they return undefined for a pool that the user may not see. However much
 * is handed out at once, never more than the pool holds.
 */
export interface PoolContributionStore {
  /** Newest first. */
  list(
    userId: string,
    path: PoolPath,
    filter: PoolContributionFilter,
    page: PageRequest,
  ): Promise<readonly PoolContribution[] | undefined>;
  /** `contribution` is undefined when there is no such one. */
  find(userId: string, path: PoolPath, id: string): Promise<{ readonly contribution: PoolContribution | undefined } | undefined>;
  findCreateTarget(userId: string, path: PoolPath, key: string | undefined): Promise<PoolContributionTarget | undefined>;
  /**
   * Stores contribution, holding, event and key, or nothing. False when the user may not do so (any more), the key was used or
   * the pool holds too little.
   */
  insert(contribution: PoolContribution, write: AuditedWrite, remembered: RememberedAnswer | null): Promise<boolean>;
}

const draftOf = auditDraftsOf(
  'pool-contribution',
  ({ poolName }: Pick<PoolContribution, 'id' | 'communityId'> & Pick<PoolContributionTarget, 'poolName'>) => poolName,
);

/** Throws NOT_FOUND. */
export const listPoolContributions = async (
  store: PoolContributionStore,
  { caller }: RequestContext,
  path: PoolPath,
  { kind, createdBy, ...query }: PageQuery & PoolContributionFilter,
): Promise<Page<PoolContribution>> => {
  const page = pageRequest(query, readPosition);
  const rows = await requireFound('pool', store.list(caller.userId, path, { kind, createdBy }, page));
  return toPage(rows, query, cursorOf);
};

/** Throws NOT_FOUND. */
export const findPoolContribution = async (
  store: PoolContributionStore,
  { caller }: RequestContext,
  { contributionId, ...path }: PoolPath & { readonly contributionId: string },
): Promise<PoolContribution> => {
  const found = await requireFound('pool', store.find(caller.userId, path, contributionId));
  if (found.contribution === undefined) throw notFound('contribution');
  return found.contribution;
};

/** Throws FORBIDDEN unless the caller may hand out, CONFLICT when the pool holds too little. */
const requireHandOut = async (
  context: RequestContext,
  { holding, isCouncilMember, role }: PoolContributionTarget,
  quantity: number,
  draft: AuditDraft,
): Promise<void> => {
  const isAllowed = isCouncilMember || communityRoleMay(role, 'pool:hand-out');
  await requireAllowed(context, isAllowed, draft, 'Members of its council, admins and owners hand out of a pool.');
  if (holding < quantity) throw new AppError('CONFLICT', `The pool holds ${holding}.`);
};

export interface PoolContributionCreation extends PoolPath {
  readonly body: { readonly kind: PoolContribution['kind']; readonly quantity: number; readonly note?: string };
}

/** Contributes or hands out, once per Idempotency-Key. Throws NOT_FOUND, FORBIDDEN, CONFLICT, UNPROCESSABLE. */
export const createPoolContribution = (
  store: PoolContributionStore,
  context: RequestContext,
  { body, ...path }: PoolContributionCreation,
): Promise<PoolContribution> => {
  const { at, caller, idempotencyKey } = context;
  const { kind, quantity, note = '' } = body;
  const id = context.newId();
  const changes = changesOf(null, { poolId: path.poolId, kind, quantity, note }, context.sha256);
  const { communityId } = path;
  const draftFor = ({ poolName }: PoolContributionTarget) => draftOf('create', { id, communityId, poolName }, changes);
  return createOnce<PoolContribution, PoolContributionTarget>(context, {
    fingerprint: ['pool-contribution.create', path, body],
    findTarget: () => requireFound('pool', store.findCreateTarget(caller.userId, path, idempotencyKey)),
    allow: async (target) => {
      await requireRole(context, target.role, 'pool:contribute', draftFor(target));
      if (kind === 'hand-out' && target.earlier === null) await requireHandOut(context, target, quantity, draftFor(target));
    },
    make: ({ displayName }) => ({
      id,
      ...path,
      kind,
      quantity,
      note,
      createdBy: caller.userId,
      createdByName: displayName,
      createdAt: at,
    }),
    insert: (made, remembered, target) => store.insert(made, writeOf(context, draftFor(target)), remembered),
  });
};
