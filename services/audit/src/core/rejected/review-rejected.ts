import type { AuditEventMessage, GlobalPermission } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import { requireAuditReader } from '../access.ts';
import type { AuditEvents, DeadLetter } from '../trail/audit-events.ts';
import { plainUuid } from '../uuid.ts';

/** Dead letters, to be reviewed by operators. */
export interface RejectedReview {
  /** Oldest first by (at, id); one more than `limit` when there are more. */
  list(page: {
    readonly limit: number;
    readonly after: { readonly at: string; readonly id: string } | null;
  }): Promise<readonly DeadLetter[]>;
  find(id: string): Promise<DeadLetter | null>;
  remove(id: string): Promise<void>;
}

export interface ReviewParts {
  readonly rejected: RejectedReview;
  readonly events: Pick<AuditEvents, 'record'>;
  /** Validates an event; null if audit accepts it, otherwise what is wrong with it. */
  readonly faultOf: (raw: unknown) => string | null;
  readonly now: () => Date;
}

export interface ReviewRejected {
  /** Throws FORBIDDEN. */
  readonly list: (permissions: readonly string[], page: Parameters<RejectedReview['list']>[0]) => Promise<readonly DeadLetter[]>;
  /**
   * Stores the event and only then takes it off the list: when that is cut off, doing it again stores nothing twice.
   * Throws FORBIDDEN, NOT_FOUND, UNPROCESSABLE.
   */
  readonly retry: (permissions: readonly string[], id: string) => Promise<void>;
}

const manage: GlobalPermission = 'installation:manage';

const isEvent = (raw: unknown, fault: string | null): raw is AuditEventMessage => fault === null && raw !== null;

export const createReviewRejected = ({ rejected, events, faultOf, now }: ReviewParts): ReviewRejected => ({
  list: async (permissions, page) => {
    requireAuditReader(permissions);
    return rejected.list(page);
  },
  retry: async (permissions, id) => {
    if (!permissions.includes(manage)) throw new AppError('FORBIDDEN', `This needs the permission ${manage}.`);
    const found = await rejected.find(plainUuid(id));
    if (found === null) throw new AppError('NOT_FOUND', 'There is no such dead letter.');
    const fault = faultOf(found.raw);
    if (!isEvent(found.raw, fault))
      throw new AppError('UNPROCESSABLE', `The dead letter is still not a valid event: ${fault ?? 'it is empty'}.`);
    await events.record([found.raw], now().toISOString());
    await rejected.remove(found.id);
  },
});
