import type { Logger } from '@guildhall/http';
import { repeat, type Repeated } from '@guildhall/repeat';
import { tracedJob } from '@guildhall/tracing';

const everyMs = 1_000;
/** While none is waiting: who queues one wakes this job. */
const idleMaxMs = 4_000;
/** Called while the database is not ready. */
const afterErrorMs = 200;

/** Sends waiting mails once a second, less often while there are none, and at once when woken after a commit. */
export const startSendingMails = ({
  sendMails,
  log,
}: {
  /** Returns the number of mails that were due. */
  readonly sendMails: () => Promise<number>;
  readonly log: Logger;
}): Repeated =>
  repeat({
    everyMs,
    idleMaxMs,
    afterErrorMs,
    task: async () => (await tracedJob('send mails', sendMails, (due) => due > 0)) > 0,
    onError: (error) => log.debug({ err: error }, 'queued mails could not be read'),
  });
