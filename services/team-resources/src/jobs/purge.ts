import type { Logger } from '@guildhall/http';
import { repeat, type Repeated } from '@guildhall/repeat';
import type { ActivityStore } from '../core/activities.ts';
import type { AppUserStore } from '../core/app-users.ts';

export interface PurgeParts {
  readonly purgeExpiredKeys: (limit: number) => Promise<number>;
  readonly appUsers: Pick<AppUserStore, 'purgeTakenBefore'>;
  readonly activities: Pick<ActivityStore, 'purgeDoneBefore'>;
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
const dayMs = 24 * 60 * 60 * 1000;

const daysBefore = (at: Date, days: number): string => new Date(at.getTime() - days * dayMs).toISOString();

const untilDone = async (purge: () => Promise<number>): Promise<void> => {
  while ((await purge()) === batchMax);
};

/** Removes expired idempotency keys, the inbox entries of events taken more than 30 days ago, and activities past their retention. */
export const startPurging = ({
  purgeExpiredKeys,
  appUsers,
  activities,
  activityRetentionDays,
  isReady,
  now,
  log,
}: PurgeParts): Pick<Repeated, 'stop'> =>
  repeat({
    everyMs,
    task: async () => {
      if (!isReady()) return;
      const at = now();
      await untilDone(() => purgeExpiredKeys(batchMax));
      await untilDone(() => appUsers.purgeTakenBefore(daysBefore(at, takenKeptDays), batchMax));
      await untilDone(() => activities.purgeDoneBefore(daysBefore(at, activityRetentionDays), batchMax));
    },
    onError: (error) => log.warn({ err: error }, 'expired rows could not be purged'),
  });
