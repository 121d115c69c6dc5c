import { visibilities } from './activities.ts';

/** A change that a member of a community hears of. */
export interface Change {
  /** The id of the audit event. */
  readonly eventId: string;
  readonly communityId: string;
  /** The type of what was changed, and its id. */
  readonly type: string;
  readonly id: string;
  /** When it was made, in ISO 8601. */
  readonly occurredAt: string;
}

/** A change, and a user who may hear of it. */
export interface HeardChange extends Change {
  readonly listenerId: string;
}

export interface ChangeStore {
  /**
   * Finds the changes since a time, oldest first, `limit` at most, each once for every listener who holds `activity:read` in its community now. Who lost
   * that is told of the change that took it: their removal, another role, a role of the community with other permissions, a deleted community.
   * Throws NOT_CONFIGURED or SHARED_DB_UNAVAILABLE.
   */
  since(listenerIds: readonly string[], at: string, limit: number): Promise<readonly HeardChange[]>;
}

/** A change as it is told. Of what not every member may see, nobody is told which one. */
export interface ToldChange {
  readonly communityId: string;
  readonly type: string;
  readonly id: string | null;
}

const narrow: ReadonlySet<string> = new Set(
  Object.entries(visibilities).flatMap(([noun, visibility]) => (visibility === 'narrow' ? [noun] : [])),
);

export const toldOf = ({ communityId, type, id }: Change): ToldChange => ({
  communityId,
  type,
  id: narrow.has(type) ? null : id,
});
