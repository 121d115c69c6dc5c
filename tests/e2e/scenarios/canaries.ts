import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@guildhall/testkit';
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { routeTable, type PublicRoute } from '../../../services/gateway/src/route-table.ts';
import type { Stack } from '../../../tools/dev/stack.ts';
import { exampleOf } from '../../support/example-body.ts';
import { foundTeam, type Team } from '../../support/team.ts';
import type { TestStack } from '../../support/test-stack.ts';
import { must } from '../../support/users.ts';
import { newTrace } from './traces.ts';

/**
 * A text that nothing else contains stands wherever a secret can be sent, through every route; afterwards it is looked for
 * wherever a secret must not be.
 */
const canary = `canary${randomBytes(12).toString('hex')}`;
const secretFields = new Set([
  'password',
  'newPassword',
  'setupToken',
  'code',
  'refreshToken',
  'token',
  'databaseUrl',
  'queueUrl',
]);
/** Content is no secret, and still too long and too private for an audit trail: the trail contains its digest. */
const digestedFields = new Set(['content', 'definition']);

const textFor = (field: string): string => {
  if (field.endsWith('Url')) return `postgres://user:${canary}@127.0.0.1:1/none`;
  return secretFields.has(field) || digestedFields.has(field) ? canary : 'a';
};
const pathOf = ({ communityId, workspaceId }: Team, path: string): string => {
  const known: Readonly<Record<string, string>> = { communityId, workspaceId };
  return path.replace(/:(\w+)/g, (_whole, name: string) => known[name] ?? '00000000-0000-4000-8000-000000000000');
};

/** More than one, because each waits for four processes, and some for the end of a stream. */
const routesAtOnce = 8;

/** Sends requests to a gateway, and keeps every JSON answer in `answers`. */
const createSender = (gateway: string) => {
  const traced = { traceparent: newTrace().traceparent };
  const answers: string[] = [];
  const send = async (method: string, path: string, headers: Record<string, string>, body: string | null): Promise<void> => {
    const response = await fetch(gateway + path, {
      method,
      headers: { ...headers, ...traced, ...(body === null ? {} : { 'content-type': 'application/json' }), 'if-match': '"1"' },
      body,
      signal: AbortSignal.timeout(2_000),
    }).catch(() => null);
    // A stream has no end to wait for, and is nobody's error.
    if (response?.headers.get('content-type')?.includes('json') === true) answers.push(await response.text());
    else await response?.body?.cancel();
  };
  return { answers, send };
};

const linesThatSay = ({ logFolder }: Stack, text: string): readonly string[] =>
  readdirSync(logFolder).flatMap((file) =>
    readFileSync(join(logFolder, file), 'utf8')
      .split('\n')
      .filter((line) => line.includes(text)),
  );

/** The events of the outboxes, the dead letters and the stored events. */
const eventsThatSay = async ({ database }: Stack, text: string): Promise<readonly unknown[]> => {
  const client = new Client({ connectionString: database.url() });
  await client.connect();
  try {
    const { rows } = await client.query(
      `SELECT to_jsonb(events)::text AS event FROM audit.audit_events AS events
       UNION ALL SELECT to_jsonb(waiting)::text FROM auth.outbox_events AS waiting
       UNION ALL SELECT to_jsonb(waiting)::text FROM team.outbox_events AS waiting
       UNION ALL SELECT to_jsonb(aside)::text FROM audit.rejected_events AS aside`,
    );
    return rows.filter(({ event }: { event: string }) => event.includes(text));
  } finally {
    await client.end();
  }
};

/** Looks for secrets where they must not be, after they were sent through every route. */
export const testCanaries = (stackOf: () => TestStack, tracesOf: () => readonly string[]): void => {
  test('a secret that is sent through any route is in no answer, no log, no event and no trace', async () => {
    const { http, stack } = stackOf();
    const { answers, send } = createSender(stack.urls.gateway);
    const team = await foundTeam(http, stack.mailFolder, 'Nora');
    const bearer = { authorization: `Bearer ${team.founder.token}` };
    const withSecrets = {
      authorization: `Bearer ${canary}`,
      cookie: `session=${canary}`,
      'x-guildhall-setup-token': canary,
      'x-guildhall-local-token': canary,
      'x-guildhall-principal': canary,
      'x-guildhall-service': canary,
    };
    const tryRoute = async ({ contract }: PublicRoute): Promise<void> => {
      const path = pathOf(team, contract.path);
      const body = contract.body === undefined ? null : JSON.stringify(exampleOf(contract.body, textFor));
      await send(contract.method, path, withSecrets, body);
      // Ends the session or the community that the rest needs.
      if (contract.method === 'DELETE' || contract.name === 'logOut') return;
      await send(contract.method, path, bearer, body);
      if (body === null) return;
      await send(contract.method, path, bearer, `${body.slice(0, -1)}, "password": {"x": "${canary}"}`);
      await send(contract.method, path, bearer, JSON.stringify({ password: [canary], token: 7, unknown: canary }));
    };
    for (let from = 0; from < routeTable.length; from += routesAtOnce)
      await Promise.all(routeTable.slice(from, from + routesAtOnce).map(tryRoute));
    const { email } = team.founder;
    await http.send('POST', '/v1/auth/login', { body: { email, password: canary } });
    const made = await must(http, 201, 'POST', team.scripts, {
      token: team.founder.token,
      body: { name: 'with content', language: 'shell', content: canary },
    });
    await must(http, 200, 'PATCH', `${team.scripts}/${String(made['id'])}`, {
      token: team.founder.token,
      ifMatch: '"1"',
      body: { content: `${canary} 2` },
    });

    // Events are delivered in order: all earlier ones have been stored by then.
    await waitFor(async () => (await eventsThatSay(stack, 'with content')).length > 0);
    expect(answers.length).toBeGreaterThan(routeTable.length);
    expect(answers.filter((answer) => JSON.parse(answer).status >= 400 && answer.includes(canary))).toEqual([]);
    expect(await eventsThatSay(stack, canary)).toEqual([]);
    expect(linesThatSay(stack, canary)).toEqual([]);
    await waitFor(() => tracesOf().some((trace) => trace.includes('process audit')));
    expect(tracesOf().filter((trace) => trace.includes(canary) || trace.includes(email))).toEqual([]);
  });

  test('the search would find it', async () => {
    const { stack } = stackOf();
    expect(linesThatSay(stack, 'listening').length).toBeGreaterThan(3);
    expect((await eventsThatSay(stack, 'with content')).length).toBeGreaterThan(0);
  });
};
