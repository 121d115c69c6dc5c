import { randomUUID } from 'node:crypto';
import { sql } from '@guildhall/db';
import type { LaneAnswer, LaneClient } from '@guildhall/lane';
import { countStatements } from '@guildhall/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startFixture } from '../../services/team-resources/test/support/team-service.ts';
import { newMember, newUser } from './callers.ts';
import { openLane } from './lane-door.ts';
import type { Caller } from './route-client.ts';

/** Reads by id of many callers at a time take few statements: all that come in one message of the lane. */

const count = 32;
const [communityId, workspaceId] = [randomUUID(), randomUUID()];
const scriptIds = Array.from({ length: count }, () => randomUUID());

let fixture: Awaited<ReturnType<typeof startFixture>>;
let lane: LaneClient;
let members: readonly Caller[];
beforeAll(async () => {
  fixture = await startFixture();
  const { connection } = fixture.tables;
  await connection.query(
    sql.unsafe`INSERT INTO team.communities (id, name, created_by) VALUES (${communityId}::uuid, 'Night shift', 'x')`,
  );
  await connection.query(
    sql.unsafe`INSERT INTO team.workspaces (id, community_id, name, created_by) VALUES (${workspaceId}::uuid, ${communityId}::uuid, 'W', 'x')`,
  );
  await connection.query(sql.unsafe`
    INSERT INTO team.scripts (id, workspace_id, name, language, content, created_by)
    SELECT made.id, ${workspaceId}::uuid, made.id::text, 'shell', 'echo', 'x' FROM unnest(${sql.array(scriptIds, 'uuid')}) AS made (id)`);
  members = await Promise.all(scriptIds.map(() => newMember(fixture.tables, communityId, 'member')));
  lane = await openLane(fixture.url, 'team-resources', () => new Date());
});
afterAll(async () => {
  await lane.close();
  await fixture.close();
});

/** Sends a call as a user whom the gateway believes to hold the permission. */
const call = async (
  { userId, sessionId }: Caller,
  operation: string,
  params: Readonly<Record<string, string>>,
): Promise<LaneAnswer> => {
  const permissions = [`script:read@${communityId}`, `workspace:read@${communityId}`];
  const principal = { userId, sessionId, displayName: 'Ada', email: 'ada@example.org', permissions, ip: '127.0.0.1' };
  const sent = { operation, requestId: randomUUID(), params, query: {}, body: null, caller: { principal }, headers: {} };
  const pending = lane.call(sent);
  if (pending === undefined) throw new Error('The lane is not open.');
  return await pending.answer;
};

/** The answers to calls that are sent in one turn, and the statements that read. */
const answersOf = async (send: () => readonly Promise<LaneAnswer>[]) => {
  const { result, statements } = await countStatements(() => Promise.all(send()));
  return { answers: result, reads: statements.filter((text) => text.includes('resource_memberships')) };
};

test('32 reads of different scripts by different users at a time are at most 4 statements', async () => {
  const { answers, reads } = await answersOf(() =>
    members.map((member, index) => call(member, 'getScript', { workspaceId, scriptId: scriptIds[index] ?? '' })),
  );
  const found = answers.map(({ status, text }) => [status, (JSON.parse(text ?? '') as { readonly id: string }).id]);
  expect(found).toEqual(scriptIds.map((scriptId) => [200, scriptId]));
  expect(reads.length).toBeGreaterThan(0);
  expect(reads.length).toBeLessThanOrEqual(4);
});

test('a stranger among many callers is refused, and nobody else', async () => {
  const callers = [...members.slice(0, 8), await newUser(), ...members.slice(8, 16)];
  const { answers, reads } = await answersOf(() => callers.map((caller) => call(caller, 'getWorkspace', { workspaceId })));
  expect(answers.map(({ status }) => status)).toEqual(callers.map((_caller, index) => (index === 8 ? 404 : 200)));
  expect(reads.length).toBeLessThanOrEqual(4);
});

test('32 first pages at a time are at most 4 statements, also of different users', async () => {
  const { answers, reads } = await answersOf(() => members.map((member) => call(member, 'listScripts', { workspaceId })));
  const found = answers.map(({ status, text }) => [
    status,
    (JSON.parse(text ?? '') as { readonly items: unknown[] }).items.length,
  ]);
  expect(found).toEqual(members.map(() => [200, 25]));
  expect(reads.length).toBeLessThanOrEqual(4);
});
