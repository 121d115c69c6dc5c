import type { ListedUser } from '@guildhall/contracts';
import type { AppUserStore, UserVersion } from './app-users.ts';
import { erasureOf, type ErasureStore } from './erase-user.ts';

/** A page of auth's users in the order of their ids. `next` is the id that the next page is after; null on the last one. */
export interface UserPage {
  readonly users: readonly ListedUser[];
  readonly next: string | null;
}

/** The users of the installation, as auth has them. */
export interface UserDirectory {
  /** Throws what asking auth throws: SERVICE_UNAVAILABLE while it is away. */
  list(after: string | null): Promise<UserPage>;
}

export interface RebuildParts {
  readonly directory: UserDirectory;
  readonly appUsers: Pick<AppUserStore, 'restore'>;
  readonly erasures: ErasureStore;
  readonly newId: () => string;
  readonly now: () => Date;
}

export interface RebuildProgress {
  /** Users that were compared so far. */
  readonly users: number;
  /** Copies of them that were added or changed. */
  readonly changed: number;
  /** The id to go on after; null at the end. */
  readonly next: string | null;
}

/** Makes the copies of a page equal to it. Returns how many were changed, and those that are newer. */
const applyPage = async (
  { appUsers, erasures, newId, now }: RebuildParts,
  { users }: UserPage,
  disproved: readonly UserVersion[],
) => {
  const { changed, ahead } = await appUsers.restore(
    users.filter(({ status }) => status !== 'erased'),
    disproved,
  );
  const erased = users.filter(({ status }) => status === 'erased');
  const unerased = new Set(erased.length === 0 ? [] : await erasures.findUnerased(erased.map(({ userId }) => userId)));
  for (const user of erased.filter(({ userId }) => unerased.has(userId)))
    await erasures.erase(erasureOf(user, { eventId: null, requestId: `rebuild-${newId()}`, at: now().toISOString(), newId }));
  return { changed: changed + unerased.size, ahead };
};

/**
 * Rebuilds the copies of users from auth, page by page, and yields after each page. Idempotent, and safe while events arrive: where a
 * copy is newer than the listing, auth is asked again, and then either knows that version or never had it. Copies of ids that auth
 * does not list stay, since memberships may refer to them.
 */
export async function* rebuildAppUsers(parts: RebuildParts, startAfter: string | null = null): AsyncGenerator<RebuildProgress> {
  let progress: RebuildProgress = { users: 0, changed: 0, next: startAfter };
  do {
    let page = await parts.directory.list(progress.next);
    let { changed, ahead } = await applyPage(parts, page, []);
    if (ahead.length > 0) {
      page = await parts.directory.list(progress.next);
      changed += (await applyPage(parts, page, ahead)).changed;
    }
    progress = { users: progress.users + page.users.length, changed: progress.changed + changed, next: page.next };
    yield progress;
  } while (progress.next !== null);
}
