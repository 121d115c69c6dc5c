import {
  gatherWrites,
  sql,
  uncheckedRow,
  unmeasuredArray,
  type AppendedMessage,
  type Connection,
  type Fragment,
} from '@guildhall/db';
import { currentTraceparent } from '@guildhall/tracing';
import { idempotencyKeyHours, type AuditEventMessage, type CommunityPermission, type Script } from '@guildhall/contracts';
import type { RememberedAnswer } from '@guildhall/resources';
import type { SaveWrite, ScriptStore } from '@guildhall/workspaces';
import { Type } from 'typebox';
import { workspaceAccess } from './access.ts';
import { recordEach } from './fragments.ts';

/** Creations and edits of scripts that are made at a time, by one statement. */

/** A script that is to be stored, as a row of the table `asked`. */
interface AskedScript {
  readonly script: Script;
  readonly write: SaveWrite;
  readonly remembered: RememberedAnswer | null;
}

type ColumnType = 'int8' | 'text' | 'uuid';

/** The columns of `asked`. Times and JSON are sent as texts. */
const columns: Readonly<Record<string, readonly [ColumnType, (asked: AskedScript) => string | number | null]>> = {
  user_id: ['text', ({ write }) => write.userId],
  event_id: ['uuid', ({ write }) => write.event.id],
  key: ['text', ({ remembered }) => remembered?.key ?? null],
  request_hash: ['text', ({ remembered }) => remembered?.requestHash ?? null],
  answer: ['text', ({ remembered }) => (remembered === null ? null : JSON.stringify({ status: 201, body: remembered.body }))],
  note: ['text', ({ write }) => write.note],
  restored_from: ['int8', ({ write }) => write.restoredFrom],
  version_id: ['uuid', ({ write }) => write.versionId ?? null],
  id: ['uuid', ({ script }) => script.id],
  workspace_id: ['uuid', ({ script }) => script.workspaceId],
  name: ['text', ({ script }) => script.name],
  language: ['text', ({ script }) => script.language],
  description: ['text', ({ script }) => script.description],
  tags: ['text', ({ script }) => JSON.stringify(script.tags)],
  content: ['text', ({ script }) => script.content],
  size_bytes: ['int8', ({ script }) => script.sizeBytes],
  sha256: ['text', ({ script }) => script.sha256],
  version: ['int8', ({ script }) => script.version],
  created_at: ['text', ({ script }) => script.createdAt],
  updated_at: ['text', ({ script }) => script.updatedAt],
};

const askedRows = (asked: readonly AskedScript[]): Fragment => {
  const values = Object.values(columns).map(([type, valueOf]) => unmeasuredArray(asked.map(valueOf), type));
  const names = sql.join(
    Object.keys(columns).map((column) => sql.identifier([column])),
    sql.fragment`, `,
  );
  return sql.fragment`
    SELECT ${names}, place FROM unnest(${sql.join(values, sql.fragment`, `)}) WITH ORDINALITY AS each (${names}, place)`;
};

/** The place of a script that was stored. */
const StoredRow = uncheckedRow({ place: Type.Integer() });

/** Stores those scripts whose users hold the permission and that `saved` stores, which returns their ids, with version, key and event. */
const store = (
  connection: Connection,
  asked: readonly AskedScript[],
  { permission, claim, saved }: { readonly permission: CommunityPermission; readonly claim: Fragment; readonly saved: Fragment },
): Promise<readonly { readonly place: number }[]> =>
  connection.any(sql.type(StoredRow)`
    WITH asked AS (${askedRows(asked)}),
    access AS (
      SELECT asked.place
      FROM asked CROSS JOIN LATERAL (${workspaceAccess(sql.fragment`asked.user_id`, sql.fragment`asked.workspace_id`, permission)}) AS held
    )
    ${claim},
    saved AS (${saved}),
    version AS (
      INSERT INTO team.script_versions
        (id, script_id, version, name, language, content, size_bytes, sha256, note, restored_from, created_by, created_at, updated_at)
      SELECT COALESCE(asked.version_id, gen_random_uuid()), asked.id, asked.version, asked.name, asked.language, asked.content,
             asked.size_bytes, asked.sha256, asked.note, asked.restored_from, asked.user_id, asked.updated_at::timestamptz,
             asked.updated_at::timestamptz
      FROM saved JOIN asked ON asked.id = saved.id
    ),
    ${recordEach(
      asked.map(({ write }) => write.event),
      sql.fragment`SELECT asked.event_id FROM saved JOIN asked ON asked.id = saved.id`,
    )}
    SELECT asked.place FROM saved JOIN asked ON asked.id = saved.id`);

/** The claim of the keys, as `claimKey` of each. */
const claimKeys = sql.fragment`,
  claimed_key AS (
    INSERT INTO team.idempotency_keys AS known (principal_id, key, request_hash, answer, expires_at)
    SELECT asked.user_id, asked.key, asked.request_hash, asked.answer::jsonb, now() + ${idempotencyKeyHours}::float8 * interval '1 hour'
    FROM asked JOIN access ON access.place = asked.place
    WHERE asked.key IS NOT NULL
    ON CONFLICT (principal_id, key) DO UPDATE
    SET request_hash = excluded.request_hash, answer = excluded.answer, expires_at = excluded.expires_at, updated_at = now()
    WHERE known.expires_at <= now()
    RETURNING principal_id, key
  )`;

const insertMany = (connection: Connection, asked: readonly AskedScript[]) =>
  store(connection, asked, {
    permission: 'script:create',
    claim: claimKeys,
    saved: sql.fragment`
      INSERT INTO team.scripts
        (id, workspace_id, name, language, description, tags, content, size_bytes, sha256, created_by, version, created_at, updated_at)
      SELECT asked.id, asked.workspace_id, asked.name, asked.language, asked.description, asked.tags::jsonb, asked.content,
             asked.size_bytes, asked.sha256, asked.user_id, asked.version, asked.created_at::timestamptz, asked.updated_at::timestamptz
      FROM asked JOIN access ON access.place = asked.place
      WHERE asked.key IS NULL
         OR EXISTS (SELECT 1 FROM claimed_key WHERE claimed_key.principal_id = asked.user_id AND claimed_key.key = asked.key)
      RETURNING id`,
  });

const saveMany = (connection: Connection, asked: readonly AskedScript[]) =>
  store(connection, asked, {
    permission: 'script:update',
    claim: sql.fragment``,
    saved: sql.fragment`
      UPDATE team.scripts AS document
      SET name = asked.name, language = asked.language, description = asked.description, tags = asked.tags::jsonb,
          content = asked.content, size_bytes = asked.size_bytes, sha256 = asked.sha256, version = asked.version,
          updated_at = asked.updated_at::timestamptz
      FROM asked JOIN access ON access.place = asked.place
      WHERE document.id = asked.id AND document.workspace_id = asked.workspace_id AND document.version = asked.version - 1
        AND document.deleted_at IS NULL
      RETURNING document.id`,
  });

/** The longest text of a script that is stored with others: a long one is a statement by itself, so that no statement holds many. */
const gatheredBytesMax = 16_384;

const isGathered = ({ sizeBytes }: Script, write: SaveWrite, permission: CommunityPermission): boolean =>
  sizeBytes <= gatheredBytesMax && write.permission === permission;

/** The write with its event in the trace of the request that makes it, whosever statement it becomes a part of. */
const inTrace = (write: SaveWrite): SaveWrite => {
  const event: AppendedMessage & AuditEventMessage = { ...write.event, traceparent: currentTraceparent() };
  return { ...write, event };
};

/** Gathers the creations and edits of short scripts; all others take their plain statement. For the pool only. */
export const gatherScriptWrites = (
  connection: Connection,
  plain: Pick<ScriptStore, 'insert' | 'save'>,
): Pick<ScriptStore, 'insert' | 'save'> => {
  const insert = gatherWrites<AskedScript>({
    one: ({ script, write, remembered }) => plain.insert(script, write, remembered),
    many: (asked) => insertMany(connection, asked),
    conflictOf: ({ script, write, remembered }) =>
      remembered === null ? script.id : JSON.stringify([write.userId, remembered.key]),
  });
  const save = gatherWrites<AskedScript>({
    one: ({ script, write }) => plain.save(script, write),
    many: (asked) => saveMany(connection, asked),
    conflictOf: ({ script }) => script.id,
  });
  return {
    insert: (script, write, remembered, earlier) =>
      earlier === undefined && isGathered(script, write, 'script:create')
        ? insert({ script, write: inTrace(write), remembered })
        : plain.insert(script, write, remembered, earlier),
    save: (script, write) =>
      isGathered(script, write, 'script:update')
        ? save({ script, write: inTrace(write), remembered: null })
        : plain.save(script, write),
  };
};
