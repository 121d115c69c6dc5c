import type { Logger } from '@guildhall/http';
import { repeat, type Repeated } from '@guildhall/repeat';
import { tracedJob } from '@guildhall/tracing';
import type { ActivityStore } from '../core/activities.ts';
import type { AppUserStore } from '../core/app-users.ts';
import type { WorkspaceImportStore } from '../core/workspace-imports.ts';

export interface PurgeParts {
  readonly purgeExpiredKeys: (limit: number) => Promise<number>;
  readonly appUsers: Pick<AppUserStore, 'purgeTakenBefore'>;
  readonly activities: Pick<ActivityStore, 'purgeDoneBefore'>;
  readonly workspaceImports: Pick<WorkspaceImportStore, 'purgeAbandonedBefore'>;
  /** How long activities are kept. */
  readonly activityRetentionDays: number;
  readonly isReady: () => boolean;
  readonly now: () => Date;
  readonly log: Logger;
}

const everyMs = 60_000;
/** Rows of one statement, so that none holds its locks for long. */
const batchMax = 1_000;
/** Long after auth stops asking for an event; storing it again would change nothing. */
const takenKeptDays = 30;
/** An import that was not begun again for so long is abandoned: who still has the workspace may share it anew. */
const abandonedAfterDays = 7;
/** Workspaces of one statement: each may have many rows. */
const workspacesMax = 1;
const dayMs = 24 * 60 * 60 * 1000;

const daysBefore = (at: Date, days: number): string => new Date(at.getTime() - days * dayMs).toISOString();

/** Purges batch by batch, until one is not full. Returns the number of rows. */
const untilDone = async (limit: number, purge: (limit: number) => Promise<number>): Promise<number> => {
  let all = 0;
  for (let count = limit; count === limit; all += count) count = await purge(limit);
  return all;
};

/**
 * Removes expired idempotency keys, the inbox entries of events taken more than 30 days ago, activities past their retention, and
 * workspaces whose import was abandoned.
 */
export const startPurging = ({
  purgeExpiredKeys,
  appUsers,
  activities,
  workspaceImports,
  activityRetentionDays,
  isReady,
  now,
  log,
}: PurgeParts): Pick<Repeated, 'stop'> => {
  const purge = async (): Promise<number> => {
    const at = now();
    const keys = await untilDone(batchMax, purgeExpiredKeys);
    const taken = await untilDone(batchMax, (limit) => appUsers.purgeTakenBefore(daysBefore(at, takenKeptDays), limit));
    const done = await untilDone(batchMax, (limit) => activities.purgeDoneBefore(daysBefore(at, activityRetentionDays), limit));
    const abandoned = daysBefore(at, abandonedAfterDays);
    return (
      keys + taken + done + (await untilDone(workspacesMax, (limit) => workspaceImports.purgeAbandonedBefore(abandoned, limit)))
    );
  };
  return repeat({
    everyMs,
    task: async () => {
      if (isReady()) await tracedJob('purge', purge, (removed) => removed > 0);
    },
    onError: (error) => log.warn({ err: error }, 'expired rows could not be purged'),
  });
};
