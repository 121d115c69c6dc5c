import type { AuditPayload } from '@guildhall/contracts';
import { Client } from 'pg';

/** A look into the outbox from outside of the service. */
export interface OutboxWindow {
  query(communityId: string): Promise<readonly AuditPayload[]>;
  run(text: string): Promise<readonly Record<string, unknown>[]>;
  close(): Promise<void>;
}

export const startOutbox = async (databaseUrl: string): Promise<OutboxWindow> => {
  const client = new Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  return {
    query: async (communityId) => {
      const { rows } = await client.query<{ payload: AuditPayload }>(
        `SELECT payload FROM team.outbox_events WHERE payload->>'communityId' = $1 ORDER BY created_at, occurred_at, ctid`,
        [communityId],
      );
      return rows.map(({ payload }) => payload);
    },
    run: async (text) => (await client.query<Record<string, unknown>>(text)).rows,
    close: () => client.end(),
  };
};

/** The events of a community in the outbox, oldest first. */
export const outboxOf = (window: OutboxWindow, communityId: string): Promise<readonly AuditPayload[]> =>
  window.query(communityId);
