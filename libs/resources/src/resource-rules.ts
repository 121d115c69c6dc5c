import type { Change } from '@guildhall/contracts';
import { notFound, requireFound } from './access.ts';
import type { AuditDraft } from './audit-event.ts';
import { changesOf } from './changes.ts';
import { retryCompareAndSwap } from './compare-and-swap.ts';
import type { RequestContext } from './request-context.ts';
import { nextVersion, requireVersion, type VersionCondition, type Versioned } from './versions.ts';

/**
 * Update, soft delete and restore of a resource: the same steps for every type of resource that has versions and is deleted
 * softly. What differs from type to type are its `ResourceRules`.
 */
export type ResourceVerb = 'update' | 'delete' | 'restore';

/** A resource as its store found it, with what the rules need to know of the caller's access. */
export interface FoundResource<T> {
  readonly item: T;
  readonly isDeleted: boolean;
}

/** A change that is allowed, and its audit event. */
export interface ResourceChange<T, F> {
  readonly verb: ResourceVerb;
  readonly found: F;
  /** The version after the one that was found. */
  readonly next: T;
  readonly draft: AuditDraft;
}

/** The rules of a type of resource, for one request. */
export interface ResourceRules<T extends Versioned, F extends FoundResource<T>, P> {
  readonly context: RequestContext;
  /** The resource in the sentence of NOT_FOUND. */
  readonly noun: string;
  /** Finds a soft-deleted resource, too. Undefined for what the caller may not see. */
  readonly find: (path: P) => Promise<F | undefined>;
  readonly draftOf: (verb: string, item: T, changes?: readonly Change[]) => AuditDraft;
  /** Throws FORBIDDEN, and records the denial, unless the caller may make this change. */
  readonly allow: (verb: ResourceVerb, found: F, draft: AuditDraft) => Promise<void>;
  /** Stores `next`: a compare-and-swap on the version. Returns what is stored then, undefined when a concurrent change won. */
  readonly save: (change: ResourceChange<T, F>) => Promise<T | undefined>;
}

/** Throws NOT_FOUND, also for a soft-deleted resource. */
export const findResource = async <F extends { readonly isDeleted: boolean }, P>(
  { noun, find }: { readonly noun: string; readonly find: (path: P) => Promise<F | undefined> },
  path: P,
): Promise<F> => {
  const found = await requireFound(noun, find(path));
  if (found.isDeleted) throw notFound(noun);
  return found;
};

/**
 * Stores an edit. One that changes nothing keeps the version. `requireEditable` throws when the resource is in a state that does
 * not change any more. Throws NOT_FOUND, FORBIDDEN, VERSION_MISMATCH.
 */
export const updateResource = <T extends Versioned, F extends FoundResource<T>, P>(
  rules: ResourceRules<T, F, P>,
  change: P & { readonly ifMatch: VersionCondition; readonly edit: Partial<NoInfer<T>> },
  requireEditable: (found: F) => void = () => {},
): Promise<T> =>
  retryCompareAndSwap(async () => {
    const found = await findResource(rules, change);
    const { item } = found;
    const changes = changesOf(item as Readonly<Record<string, unknown>>, change.edit, rules.context.sha256);
    const draft = rules.draftOf('update', item, changes);
    await rules.allow('update', found, draft);
    requireVersion(item.version, change.ifMatch);
    if (changes.length === 0) return item;
    requireEditable(found);
    return rules.save({ verb: 'update', found, next: nextVersion(item, change.edit, rules.context.at), draft });
  });

/**
 * Soft delete. `requireDeletable` throws when the state of the resource does not let the caller delete it. Throws NOT_FOUND,
 * FORBIDDEN, VERSION_MISMATCH.
 */
export const deleteResource = async <T extends Versioned, F extends FoundResource<T>, P>(
  rules: ResourceRules<T, F, P>,
  path: P & { readonly ifMatch: VersionCondition },
  requireDeletable: (found: F) => void = () => {},
): Promise<void> => {
  await retryCompareAndSwap(async () => {
    const found = await findResource(rules, path);
    const { item } = found;
    const draft = rules.draftOf('delete', item);
    await rules.allow('delete', found, draft);
    requireVersion(item.version, path.ifMatch);
    requireDeletable(found);
    return rules.save({ verb: 'delete', found, next: nextVersion(item, {}, rules.context.at), draft });
  });
};

/** Undoes a soft delete. Idempotent: a resource that is not deleted is returned as it is. Throws NOT_FOUND, FORBIDDEN. */
export const restoreResource = <T extends Versioned, F extends FoundResource<T>, P>(
  rules: ResourceRules<T, F, P>,
  path: P,
): Promise<T> =>
  retryCompareAndSwap(async () => {
    const found = await requireFound(rules.noun, rules.find(path));
    const { item } = found;
    const draft = rules.draftOf('restore', item);
    await rules.allow('restore', found, draft);
    if (!found.isDeleted) return item;
    return rules.save({ verb: 'restore', found, next: nextVersion(item, {}, rules.context.at), draft });
  });
