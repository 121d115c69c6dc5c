import { freshDatabase, identityOf } from '@guildhall/testkit';
import { Client } from 'pg';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createPublisher } from '../src/index.ts';
import { newAuditEvent } from './audit-event.ts';

/** Refuses every change of the schema in the database of the client, temporary tables included. */
const refuseSchemaChanges = (client: Client) =>
  client.query(`
    CREATE SCHEMA refusal;
    CREATE FUNCTION refusal.refuse_schema_change() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'a change of the schema: %', tg_tag; END $$;
    CREATE EVENT TRIGGER refuse_schema_changes ON ddl_command_start EXECUTE FUNCTION refusal.refuse_schema_change()`);

test('a batch of one job is added to the queue in PostgreSQL without a temporary table', async () => {
  const database = await freshDatabase({ services: [] });
  const client = new Client({ connectionString: database.url });
  const publisher = createPublisher({
    queueUrl: database.url,
    identity: identityOf('team-resources'),
    log: pino({ level: 'silent' }),
  });
  try {
    // The first job of a queue makes the sequence of its ids.
    await publisher.publish('audit', [newAuditEvent()]);
    await client.connect();
    await refuseSchemaChanges(client);
    await expect(client.query('CREATE TEMPORARY TABLE refused (id int)')).rejects.toThrow('a change of the schema');
    await publisher.publish('audit', [newAuditEvent(), newAuditEvent()]);
    expect(await publisher.depth('audit')).toBe(2);
  } finally {
    await publisher.close();
    await client.end();
    await database.drop();
  }
});
